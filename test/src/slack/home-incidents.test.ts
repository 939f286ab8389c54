import { expect, test } from 'vitest';
import { drillWorld } from '#test/world/drill-world.ts';
import { roomsWorld } from '#test/world/rooms-world.ts';
import { slackWorld } from '#test/world/slack-world.ts';

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
  await world.slack.waitFor(() => olu.home()?.reads.includes('open for 1'));
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

  await olu.click('home', 'Update customers');
  const form = await world.slack.waitFor(() => olu.modal());
  expect(JSON.stringify(form.view)).toContain('"initial_value":"checkout is down"');
  await olu.closeModal();

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

test('Home says how late an update is, who is on call by name, and which alert nobody has', async () => {
  const world = await drillWorld();
  await world.given('incident drill --with olu');
  const [olu, ada] = [world.slack.as('olu'), world.slack.as('ada')];
  await olu.openHome();
  await ada.openHome();
  await world.slack.waitFor(() => olu.home()?.reads.includes('Nobody has it'));
  expect(olu.home()?.reads).toContain('[I have it]');
  await world.slack.waitFor(() => ada.home()?.reads.includes('Waits for you'));
  expect(ada.home()?.reads).not.toContain('Nobody has it');
  await world.given('drill stop');
  await world.given('incident declare "checkout is down"');
  world.clock.advance(76 * 60_000);
  await olu.openHome();
  await world.slack.waitFor(() => olu.home()?.reads.includes('the next update is 46 minutes late'));
  expect(olu.home()?.reads).not.toContain('Nobody has it');

  const other = await slackWorld();
  await other.slack.as('olu').openHome();
  await other.slack.waitFor(() => other.slack.as('olu').home());
  expect(other.slack.as('olu').home()?.reads).toMatch(/On call now: .*(Olu|U0OLU00001)/);
});
