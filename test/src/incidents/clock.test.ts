import { expect, test } from 'vitest';
import { people } from '#sandbox/cast.ts';
import { healthWorld } from '#test/world/health-world.ts';
import type { SlackWorld } from '#test/world/slack-world.ts';

const MINUTE_MS = 60_000;

async function declared() {
  const world = await healthWorld();
  await world.given('incident declare "checkout is down"');
  await world.pumpAll();
  const began = (await world.database.knex('incidents').first()).declared_at;
  return { world, until: (minutes: number) => passTo(world, began + minutes * MINUTE_MS) };
}

async function passTo(world: SlackWorld, at: number): Promise<void> {
  world.clock.set(Math.max(world.clock.now(), at));
  await world.tick();
  await world.pumpAll();
}

function said(world: SlackWorld): string[] {
  return world.slack
    .messages('incidents')
    .map(({ text }) => text)
    .filter((text) => /owed|wait for an update/.test(text));
}

test('the draft comes five minutes before the update is owed, the nag when it is, the page five minutes after', async () => {
  const { world, until } = await declared();

  await until(24);
  expect(said(world)).toEqual([]);
  await until(25.1);
  expect(said(world)).toEqual([expect.stringContaining('owed soon; here is a draft')]);
  await until(30.1);
  expect(said(world)).toHaveLength(2);
  expect(said(world).at(-1)).toContain('customers heard nothing yet');
  await until(35.1);
  expect(said(world).at(-1)).toMatch(/<@U0OLU00001> .*customers wait for an update/);
  expect(world.slack.as('olu').dm().at(-1)?.text).toContain('customers wait for an update');
  await until(50.2);
  expect(world.slack.as('ada').dm().at(-1)?.text).toContain('customers wait for an update');
});

test('what is published starts the clock anew, and nothing that was said is said twice', async () => {
  const { world, until } = await declared();
  await until(26);
  expect(said(world)).toHaveLength(1);

  await world.given('incident update "We look into it."');
  await until(40);
  expect(said(world)).toHaveLength(1);
  await until(52);
  expect(said(world)).toHaveLength(2);
  await world.tick();
  await world.pumpAll();
  expect(said(world)).toHaveLength(2);
});

test('two instances say it once, and after a time without any only the present stage is told', async () => {
  const { world } = await declared();
  world.clock.advance(3 * 60 * MINUTE_MS);

  await Promise.all([world.tick(), world.tick()]);
  await world.pumpAll();

  expect(said(world)).toEqual([expect.stringContaining('customers wait for an update')]);
});

test('once it is resolved nobody is called any more', async () => {
  const { world, until } = await declared();
  await world.given('incident resolve');
  await until(200);
  expect(said(world)).toEqual([]);
});

test('the draft’s button publishes it with one more click, seen before', async () => {
  const { world, until } = await declared();
  await until(26);
  const olu = world.slack.as('olu');
  const draft = world.slack.messages('incidents').find(({ text }) => text.includes('here is a draft'));

  await olu.click({ channel: 'incidents', ts: draft?.ts ?? '' }, 'Preview the draft');
  const preview = await world.slack.waitFor(
    () => olu.messages('incidents').findLast(({ reads }) => reads.includes('Customers read')) ?? null,
  );
  expect(preview.reads).toContain('Investigating: We are still looking for the cause.');
  await olu.click({ channel: 'incidents', ts: preview.ts }, 'Publish');
  await world.slack.waitFor(
    () => olu.messages('incidents').some(({ reads }) => reads.includes('Published:')) || null,
  );

  expect(await world.database.knex('incident_updates')).toMatchObject([{ author_name: 'Olu' }]);
});

test('whom Slack does not know is called by telephone: the page says the number, and mentions the role', async () => {
  const world = await healthWorld({
    people: {
      nia: { name: 'Nia', roles: ['oncall'] },
      ada: { name: 'Ada', slack: people.ada.id, roles: ['admin'] },
    },
    rota: [{ person: 'nia', phone: '+49 30 5550199' }],
  });
  await world.given('incident declare "checkout is down"');
  await world.pumpAll();
  world.clock.advance(36 * MINUTE_MS);
  await world.tick();
  await world.pumpAll();

  const page = world.slack.messages('incidents').find(({ text }) => text.includes('wait for an update'));
  expect(page?.reads).toMatch(/Called\W+Nia, whom Slack does not know: \+49 30 5550199/);
  expect(page?.text).toContain('<!subteam^S0ONCALL01');
});
