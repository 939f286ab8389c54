import { expect, test } from 'vitest';
import { roomsWorld } from '#test/world/rooms-world.ts';

test('Home shows what is open, the way to its room, what one may do, and who is on call', async () => {
  const world = await roomsWorld();
  const [olu, sam] = [world.slack.as('olu'), world.slack.as('sam')];
  await olu.openHome();
  await world.slack.waitFor(() => olu.home()?.reads.includes('No incident is open.'));
  expect(olu.home()?.reads).toContain('On call now: Olu');

  await world.does('olu', 'incident declare "checkout is down" --commander nobody');
  await world.work();
  world.clock.advance(12 * 60_000);
  await olu.openHome();
  await sam.openHome();
  await world.slack.waitFor(() => olu.home()?.reads.includes('INC-1: checkout is down'));
  await world.slack.waitFor(() => sam.home()?.reads.includes('INC-1: checkout is down'));

  const home = olu.home()?.reads ?? '';
  expect(home).toMatch(
    /investigating · severity not set · nobody leads · open for 1\d minutes · next update by/,
  );
  expect(home).toContain('#inc-1-checkout-is-down');
  expect(home).toContain('[Show] [Update customers] [Add a note] [I lead it] [Resolve]');
  // Sam may look; a button that refuses helps nobody.
  expect(sam.home()?.reads).toContain('[Show]');
  expect(sam.home()?.reads).not.toContain('[Resolve]');

  await olu.click('home', 'I lead it');
  await world.slack.waitFor(
    async () => (await world.database.knex('incidents').first()).commander === 'olu',
    {
      timeoutMs: 8_000,
    },
  );
});

test('whoever has no role reads nothing of incidents there', async () => {
  const world = await roomsWorld();
  await world.given('incident declare "checkout is down"');
  const nobody = world.slack.addPerson({ handle: 'nils' });
  await world.slack.as(nobody).openHome();
  await world.slack.waitFor(() => world.slack.as(nobody).home());
  expect(world.slack.as(nobody).home()?.reads).not.toContain('INC-1');
});
