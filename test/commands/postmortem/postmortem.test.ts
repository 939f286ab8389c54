import { expect, test } from 'vitest';
import { runTimers } from '#src/jobs/run-timers.ts';
import { type ReleaseWorld, releaseWorld } from '#test/world/release-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** An hour of trouble after a release, with credits given and customers told, once too late. */
async function afterAnIncident(): Promise<ReleaseWorld> {
  const world = await releaseWorld();
  await world.as('ada', 'customer add sofia@firm.com --reason new');
  await world.deployed('v3');
  world.clock.advance(12 * MINUTE_MS);
  await world.as('olu', 'incident declare "checkout is down" --severity sev1');
  world.clock.advance(45 * MINUTE_MS);
  await world.as('olu', 'incident update "Payments fail for some. We look into it."');
  const asked = await world.as('sam', 'credits grant sofia@firm.com 20 --reason "could not pay" --json');
  const { approval } = asked.json<{ approval: string }>();
  await world.as('bea', `approval approve ${approval} --reason "they lost an hour"`);
  world.clock.advance(15 * MINUTE_MS);
  await world.as('olu', 'incident resolve --reason "rolled back"');
  return world;
}

function timers(world: ReleaseWorld) {
  const { database, deps, clock, runner } = world;
  return runTimers({ ...deps, database, clock, log: runner.log, mode: 'test', creditsSince: 0 } as never);
}

test('it is drafted from what happened: how long, what it cost, how punctual, what was released before', async () => {
  const world = await afterAnIncident();

  const { out } = await world.as('sam', 'incident postmortem');

  expect(out).toContain('Postmortem of INC-1: checkout is down');
  expect(out).toContain('20 in 1 grant');
  expect(out).toContain('2 published, 1 late by up to 15 minutes');
  expect(out).toContain('v3, 12 minutes before');
  expect(out).toContain('20 credits granted to sofia@firm.com');
  expect(out).toContain('Missing: what happened and why it happened.');
});

test('it is filed when it is whole, and not before; afterwards it stays as it is', async () => {
  const world = await afterAnIncident();

  const tooEarly = await world.as('olu', 'postmortem file INC-1 --reason "done"');
  await world.as('olu', 'postmortem write INC-1 --summary "Payments failed." --cause "A missing index."');
  await world.as('olu', 'postmortem action "an index on orders" --owner ada --due 2026-12-01');
  const filed = await world.as('olu', 'postmortem file INC-1 --reason "read by the team"');
  const late = await world.as('olu', 'postmortem write INC-1 --cause "Something else."');

  expect(tooEarly.err).toContain('does not say what happened and why it happened yet');
  expect(filed.code, filed.err).toBe(0);
  expect(late.err).toContain('is filed already, by Olu');
  const { out } = await world.as('sam', 'incident postmortem INC-1');
  expect(out).toContain('A missing index.');
  expect(out).toContain('an index on orders (Ada, 2026-12-01)');
});

test('it goes out as Markdown and as PDF, and what people typed cannot become markup', async () => {
  const world = await afterAnIncident();
  await world.as(
    'olu',
    'postmortem write INC-1 --summary "<script>alert(1)</script> # not a heading | no cell"',
  );

  const markdown = await world.as('olu', 'incident postmortem INC-1 --format md');
  const pdf = await world.as('olu', 'incident postmortem INC-1 --format pdf --json');

  expect(markdown.out).toContain('# INC-1: checkout is down');
  expect(markdown.out).toContain('\\<script\\>alert(1)\\</script\\> \\# not a heading \\| no cell');
  expect(pdf.code, pdf.err).toBe(0);
});

test('four hours before it is due, then when it is, then every day, until it is filed', async () => {
  const world = await afterAnIncident();
  const told = async () =>
    (await world.database.knex('outbox').where('dedupe_key', 'like', 'postmortem:%').orderBy('id')).map(
      ({ payload }) => JSON.parse(payload).title,
    );
  world.clock.advance(20 * HOUR_MS);
  await timers(world);
  expect(await told()).toEqual(['The postmortem of INC-1 is due in 4 hours.']);
  world.clock.advance(4 * HOUR_MS);
  await timers(world);
  world.clock.advance(24 * HOUR_MS);
  await timers(world);
  expect(await told()).toHaveLength(3);
  expect((await told()).at(-1)).toContain('late');

  await world.as('olu', 'postmortem file INC-1 --waive --reason "a drill"');
  world.clock.advance(48 * HOUR_MS);
  await timers(world);
  expect(await told()).toHaveLength(3);
});

test('an action is done once, and everybody can see by whom', async () => {
  const world = await afterAnIncident();
  const added = await world.as('olu', 'postmortem action "an index on orders" --owner ada --json');
  const { action } = added.json<{ action: string }>();

  const done = await world.as('ada', `postmortem done ${action} --reason merged`);
  const again = await world.as('olu', `postmortem done ${action} --reason merged`);

  expect(done.code, done.err).toBe(0);
  expect(again.err).toContain('Ada did it already.');
});

test('before it is resolved there is nothing to file, and an unknown owner is asked for again', async () => {
  const world = await releaseWorld();
  await world.as('olu', 'incident declare "checkout is down"');
  expect((await world.as('olu', 'postmortem file --reason done')).err).toContain('INC-1 is not resolved yet');
  expect((await world.as('olu', 'postmortem action "mend it" --owner nobody')).err).toContain(
    'Lucy knows nobody',
  );
});

test('reopened while the reminder was due, it reminds again once it is resolved, and at once when it is late', async () => {
  const world = await afterAnIncident();
  const told = async () =>
    (await world.database.knex('outbox').where('dedupe_key', 'like', 'postmortem:%').orderBy('id')).map(
      ({ payload }) => JSON.parse(payload).title,
    );
  await world.as('olu', 'incident reopen INC-1 --reason "it is back"');
  world.clock.advance(25 * HOUR_MS);
  await timers(world);
  expect(await told()).toEqual([]);

  await world.as('olu', 'incident resolve INC-1 --reason "now really"');
  await timers(world);

  expect(await told()).toEqual(['The postmortem of INC-1 is 1 hour late.']);
  world.clock.advance(24 * HOUR_MS);
  await timers(world);
  expect(await told()).toHaveLength(2);
});

test('what it cost is counted from the alert that was open when it was declared, and says so', async () => {
  const world = await releaseWorld();
  await world.as('ada', 'customer add sofia@firm.com --reason new');
  await world.deployed('v3');
  world.clock.advance(5 * MINUTE_MS);
  const began = world.clock.now();
  const alert = { id: 'alr_1', probe_id: 'product', detail: 'It answers 503.', correlation_id: 'cor_1' };
  const at = { began_at: began, opened_at: began + MINUTE_MS };
  await world.database.knex('health_alerts').insert([
    { ...alert, ...at },
    {
      ...alert,
      id: 'alr_0',
      began_at: began - 2,
      opened_at: began - 1,
      recovered_at: began,
      probe_id: 'disk',
    },
  ]);
  world.clock.advance(10 * MINUTE_MS);
  const asked = await world.as('sam', 'credits grant sofia@firm.com 20 --reason "could not pay" --json');
  await world.as('bea', `approval approve ${asked.json<{ approval: string }>().approval} --reason "yes"`);
  world.clock.advance(10 * MINUTE_MS);
  await world.as('olu', 'incident declare "checkout is down"');
  await world.as('olu', 'incident resolve --reason "rolled back"');

  const { out } = await world.as('sam', 'incident postmortem');

  const from = new Date(began).toISOString().slice(11, 16);
  expect(out).toMatch(new RegExp(`from [0-9-]+ ${from}[^,]*, when the alert began: It answers 503`));
  expect(out).toContain('20 in 1 grant');
  expect(out).toContain('v3, 5 minutes before');
});
