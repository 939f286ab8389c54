import { expect, test } from 'vitest';
import { degraded, down } from '#src/health/probe.ts';
import { watchHealth } from '#src/health/watch.ts';
import { healthWorld } from '#test/world/health-world.ts';
import { seen } from '#test/world/slack-world.ts';

const MINUTE_MS = 60_000;

test('three failures in a row are one alert, with what it means and who is called; recovery edits the same card', async () => {
  const world = await healthWorld();
  const alerts = () =>
    world.slack.messages('lucy-oncall').filter((message) => message.text.includes('The product'));
  world.now.product = 503;

  await world.look(2);
  expect(alerts()).toEqual([]);
  await world.look(1);

  const [card, ...others] = alerts();
  expect(others).toEqual([]);
  expect(card?.text).toMatch(/The product: 127\.0\.0\.1:\d+\/up answers 503\./);
  expect(JSON.stringify(card)).toContain('Customers cannot use it.');
  expect(JSON.stringify(card)).toContain('I have it');
  await world.look(4);
  expect(alerts()).toHaveLength(1);

  world.now.product = 200;
  await world.look(1);
  expect(alerts()[0]?.text).toContain('answers 503');
  await world.look(1);

  const [edited, reply] = alerts();
  expect(edited?.ts).toBe(card?.ts);
  expect(edited?.text).toMatch(/The product: well again after \d+ minutes?/);
  expect(JSON.stringify(edited)).not.toContain('I have it');
  expect(reply?.text).toContain('well again');
});

test('one lost packet calls nobody, and a part that flaps is one alert', async () => {
  const world = await healthWorld();
  for (const status of [503, 200, 503, 503, 200, 503]) {
    world.now.product = status;
    await world.look();
  }
  expect(await world.database.knex('health_alerts')).toEqual([]);

  for (const status of [503, 503, 200, 503, 200, 503]) {
    world.now.product = status;
    await world.look();
  }
  expect(await world.database.knex('health_alerts')).toHaveLength(1);
});

test('of two processes that look at once, one does, so the count is right', async () => {
  const world = await healthWorld();
  world.now.product = 503;
  for (let round = 0; round < 2; round++) {
    world.clock.advance(30_000);
    await Promise.all([watchHealth(world.deps), watchHealth(world.deps)]);
  }
  expect(await world.database.knex('health_probes').where({ id: 'product' }).first()).toMatchObject({
    failures: 2,
  });
  expect(await world.database.knex('health_alerts')).toEqual([]);
});

test('nobody takes it: Olu is reminded, Ada is called, and then the phone numbers stand there; a click ends it', async () => {
  const world = await healthWorld();
  world.now.stripe = down('Stripe cannot be reached: timeout');
  await world.look(3);
  expect(world.slack.as('olu').dm().at(-1)?.text).toContain('Stripe’s API: Stripe cannot be reached');
  const thread = () =>
    world.slack
      .messages('lucy-oncall')
      .map((message) => message.text)
      .filter((text) => text.includes('out of order, and'));

  world.clock.advance(5 * MINUTE_MS);
  await world.tick();
  await world.pumpAll();
  expect(thread()).toEqual([expect.stringMatching(/<@U0OLU00001> .*nobody has it after [56] minutes/)]);
  world.clock.advance(5 * MINUTE_MS);
  await world.tick();
  await world.pumpAll();
  expect(thread().at(-1)).toContain('so Ada is called');
  expect(world.slack.as('ada').dm().at(-1)?.text).toContain('Stripe’s API');
  world.clock.advance(5 * MINUTE_MS);
  await world.tick();
  await world.pumpAll();
  world.clock.advance(5 * MINUTE_MS);
  await world.tick();
  await world.pumpAll();
  expect(thread().at(-1)).toContain('by phone: Olu +49 30 5550101 and Ada +49 30 5550102');
  world.clock.advance(60 * MINUTE_MS);
  await world.tick();
  await world.pumpAll();
  expect(thread()).toHaveLength(4);
});

test('once Olu has it nobody else is called, and a second click is told who has it', async () => {
  const world = await healthWorld();
  world.now.product = 500;
  await world.look(3);

  const card = () =>
    world.slack.messages('lucy-oncall').find((message) => message.text.includes('The product'));
  await world.slack.as('olu').click({ channel: 'lucy-oncall', ts: card()?.ts ?? '' }, 'I have it');
  await seen(world, 'olu', 'lucy-oncall', 'You have the alert about: The product');
  await world.slack.as('ada').click({ channel: 'lucy-oncall', ts: card()?.ts ?? '' }, 'I have it');
  await seen(world, 'ada', 'lucy-oncall', 'Olu has it already.');
  expect((await seen(world, 'ada', 'lucy-oncall', 'Olu has it already.')).reads).toContain('--over');
  await world.pumpAll();

  expect(await world.database.knex('health_alerts').first()).toMatchObject({ acknowledged_name: 'Olu' });
  world.clock.advance(60 * MINUTE_MS);
  await world.tick();
  await world.pumpAll();
  expect(
    world.slack.messages('lucy-oncall').filter((message) => message.text.includes('out of order')),
  ).toEqual([]);
  expect(card()?.reads).toMatch(/Has it\W+Olu/);
  expect(card()?.reads).not.toContain('I have it');
});

test('the host’s own status page counts: a critical incident there is an alert with its name, maintenance is not', async () => {
  const world = await healthWorld();
  world.now.indicator = 'maintenance';
  world.now.incidents = [{ name: 'Planned work', status: 'in_progress' }];
  await world.look(3);
  expect(await world.database.knex('health_alerts')).toEqual([]);

  world.now.indicator = 'critical';
  world.now.incidents = [{ name: 'Disks are slow in Frankfurt', status: 'investigating' }];
  await world.look(3);
  expect(await world.database.knex('health_alerts').first()).toMatchObject({
    detail: 'Their status page says “Disks are slow in Frankfurt”.',
  });
});

test('without anybody whom Slack knows the card says how to reach them', async () => {
  const world = await healthWorld({
    people: { olu: { name: 'Olu', terminal: 'olu', roles: ['oncall'] } },
    rota: [{ person: 'olu', phone: '+49 30 5550101' }],
  });
  world.now.product = 500;
  await world.look(3);
  const card = world.slack.messages('lucy-oncall').find((message) => message.text.includes('The product'));
  expect(JSON.stringify(card)).toContain('Olu, whom Slack does not know: +49 30 5550101');
});

test('what cannot be looked at is told without the error, which stays in the log', async () => {
  const world = await healthWorld();
  world.deps.folder = '/nowhere/secret';

  await world.look(3);

  const said = world.slack.messages('lucy-oncall').map((message) => message.text);
  expect(said).toEqual([expect.stringMatching(/: It could not be looked at\.$/)]);
  expect(JSON.stringify(world.slack.messages('lucy-oncall'))).not.toMatch(/secret|ENOENT/);
});

test('degraded and then down: whoever had it is called anew, once, with what it is now; one worse look calls nobody', async () => {
  const world = await healthWorld();
  world.now.stripe = degraded('9 % of the calls are free');
  await world.look(3);
  const alert = () => world.database.knex('health_alerts').first();
  await world.given(`alert acknowledge ${(await alert()).id}`);
  await world.pumpAll();
  const worse = () =>
    world.slack.messages('lucy-oncall').filter(({ text }) => text.includes('and it got worse'));
  const calls = () => world.slack.as('olu').dm().length;
  const before = calls();

  for (const seen of [down('1 % is free'), degraded('9 %'), down('1 % is free'), down('1 % is free')]) {
    world.now.stripe = seen;
    await world.look();
  }
  expect(worse()).toEqual([]);
  await world.look(4);

  expect(worse().map(({ text }) => text)).toEqual([expect.stringMatching(/<@U0OLU00001> .*1 % is free/)]);
  expect(calls()).toBe(before + 1);
  expect(await alert()).toMatchObject({ detail: '1 % is free', acknowledged_at: null, state: 'down' });
  const card = world.slack.messages('lucy-oncall').find(({ text }) => text.includes('Stripe’s API: 1 %'));
  expect(card?.reads).toContain('I have it');
  world.clock.advance(5 * MINUTE_MS);
  await world.tick();
  await world.pumpAll();
  expect(world.slack.messages('lucy-oncall').at(-1)?.text).toMatch(/nobody has it after [567] minutes/);
});

test('messages that wait are an alert of their own, which does not hide that Stripe’s events wait', async () => {
  const world = await healthWorld();
  const { knex } = world.database;
  const old = { created_at: world.clock.now() - 60 * MINUTE_MS };
  await world.given('incident declare "checkout is down"');
  await knex('outbox').update(old);
  for (let looks = 0; looks < 3; looks++) {
    world.clock.advance(30_000);
    await watchHealth(world.deps);
  }
  const alerts = await knex('health_alerts').where({ recovered_at: null });
  expect(alerts.map(({ probe_id }) => probe_id)).toEqual(['messages']);
  expect(await knex('health_probes').where({ id: 'queue' }).first()).toMatchObject({ state: 'ok' });
});
