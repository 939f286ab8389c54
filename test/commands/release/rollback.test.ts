import { expect, test } from 'vitest';
import { type ReleaseWorld, releaseWorld } from '#test/world/release-world.ts';

const MINUTE_MS = 60_000;
const line = 'release rollback --reason "checkout fails since v3" --ticket INC-7';

/** v1 and v2 ran well for hours; v3 came ten minutes ago. */
async function afterABadRelease(options?: { hasHook?: boolean }): Promise<ReleaseWorld> {
  const world = await releaseWorld(options);
  for (const version of ['v1', 'v2', 'v3']) {
    await world.deployed(version);
    world.clock.advance((version === 'v3' ? 10 : 120) * MINUTE_MS);
  }
  return world;
}

async function approved(world: ReleaseWorld): Promise<string> {
  const asked = await world.as('olu', `${line} --json`);
  if (asked.code !== 4) throw new Error(`Nobody was asked: ${asked.code} ${asked.out}${asked.err}`);
  const { approval } = asked.json<{ approval: string }>();
  const yes = await world.as('ada', `approval approve ${approval} --reason "I see it, too"`);
  if (yes.code !== 0) throw new Error(`${yes.code} ${yes.err}${yes.out}`);
  return approval;
}

test('the last version that ran well is offered, a second person approves, and the hook is asked once, signed', async () => {
  const world = await afterABadRelease();
  const preview = await world.as('olu', `${line} --dry-run`);
  expect(preview.out).toContain('Runs: v3 → v2');

  await approved(world);
  expect(world.hook.asked).toEqual([]);
  await world.carry();
  await world.carry();

  expect(world.hook.asked).toMatchObject([
    { isSigned: true, body: { action: 'rollback', version: 'v2', from: 'v3', requestedBy: 'Olu' } },
  ]);
  expect(world.hook.asked[0]?.key).toMatch(/^run_/);
  expect(await world.database.knex('runs').where({ command: 'release rollback' }).first()).toMatchObject({
    state: 'carrying',
  });

  await world.deployed('v2');
  world.clock.advance(MINUTE_MS);
  await world.carry();

  expect(await world.database.knex('runs').where({ command: 'release rollback' }).first()).toMatchObject({
    state: 'done',
  });
  expect((await world.as('olu', 'release list')).out).toContain('v2 runs since');
  const rows = await world.database.knex('audit_events').where({ command: 'release rollback' }).orderBy('id');
  expect(rows.at(-1)).toMatchObject({ outcome: 'done', ticket: 'INC-7', reason: 'checkout fails since v3' });
});

test('nobody rolls back alone, and who may not is refused', async () => {
  const world = await afterABadRelease();
  const asked = await world.as('olu', `${line} --json`);
  const own = await world.as(
    'olu',
    `approval approve ${asked.json<{ approval: string }>().approval} --reason "it is urgent"`,
  );
  expect(own.code).toBe(3);
  expect((await world.as('sam', line)).code).toBe(3);
  expect(await world.carry()).toBe(0);
});

test('a hook that is away is asked again under the same key; one that refuses ends it with what to do', async () => {
  const world = await afterABadRelease();
  await approved(world);
  world.hook.status = 503;
  await world.carry();
  world.clock.advance(MINUTE_MS);
  world.hook.status = 403;
  await world.carry();

  expect(new Set(world.hook.asked.map(({ key }) => key)).size).toBe(1);
  expect(await world.database.knex('rollbacks').first()).toMatchObject({ state: 'failed', attempts: 2 });
  const run = await world.database.knex('runs').where({ command: 'release rollback' }).first();
  expect(run).toMatchObject({ state: 'failed' });
  expect(run.reply).toContain('The deploy hook answered 403.');
  expect(run.reply).toContain('Deploy it by hand');
});

test('a hook that answers an error after it may have begun is not asked twice: CI’s report tells', async () => {
  const world = await afterABadRelease();
  await approved(world);
  world.hook.status = 500;
  await world.carry();
  world.hook.status = 202;
  world.clock.advance(MINUTE_MS);
  await world.carry();

  expect(world.hook.asked).toHaveLength(1);
  expect(await world.database.knex('rollbacks').first()).toMatchObject({ state: 'sent' });
  await world.deployed('v2');
  world.clock.advance(MINUTE_MS);
  await world.carry();
  expect(await world.database.knex('rollbacks').first()).toMatchObject({ state: 'confirmed' });
});

test('taken and never reported: on-call is told once, and after an hour it counts as failed', async () => {
  const world = await afterABadRelease();
  await approved(world);
  await world.carry();
  for (let minutes = 0; minutes < 50; minutes += 5) {
    world.clock.advance(5 * MINUTE_MS);
    await world.carry();
  }
  const told = await world.database.knex('outbox').where('dedupe_key', 'like', 'rollback-late:%');
  expect(told).toHaveLength(1);
  expect(told[0]?.payload).toContain('nothing has reported it as deployed');
  world.clock.advance(20 * MINUTE_MS);
  await world.carry();
  expect(await world.database.knex('rollbacks').first()).toMatchObject({ state: 'failed' });
});

test('two workers ask the hook once, and a second rollback waits for the first', async () => {
  const world = await afterABadRelease();
  await approved(world);
  await Promise.all([world.carry(), world.carry(), world.carry()]);
  expect(world.hook.asked).toHaveLength(1);
  const second = await world.as('olu', line);
  expect(second.err).toContain('Olu’s rollback to v2 is under way.');
});

test('the world moved before the yes: somebody deployed meanwhile, so it is shown and asked anew', async () => {
  const world = await afterABadRelease();
  const { approval } = (await world.as('olu', `${line} --json`)).json<{ approval: string }>();
  await world.deployed('v4');
  const yes = await world.as('ada', `approval approve ${approval} --reason "I see it, too"`);
  expect(yes.out + yes.err).toMatch(/v4/);
  expect(world.hook.asked).toEqual([]);
});

test('a release with an incident, or that was rolled back, is not one to go back to', async () => {
  const world = await releaseWorld();
  await world.deployed('v1');
  world.clock.advance(120 * MINUTE_MS);
  await world.deployed('v2');
  world.clock.advance(120 * MINUTE_MS);
  await world.as('olu', 'incident declare "checkout is down" --severity sev1');
  await world.as('olu', 'incident resolve --reason "mended"');
  world.clock.advance(MINUTE_MS);
  await world.deployed('v3');

  const { out } = await world.as('olu', 'release list');
  expect(out).toContain('INC-1 began while it ran');
  expect((await world.as('olu', `${line} --dry-run`)).out).toContain('Runs: v3 → v1');
  expect((await world.as('olu', `${line.replace('rollback', 'rollback v2')} --dry-run`)).out).toContain(
    'v2 is not known to be stable: it INC-1 began while it ran.',
  );
});

test('without a hook, without an earlier release, or to an unknown one, it says what to do', async () => {
  const without = await afterABadRelease({ hasHook: false });
  expect((await without.as('olu', line)).err).toContain('set releases.deploy_hook');
  const world = await releaseWorld();
  expect((await world.as('olu', line)).err).toContain('Name the version to go back to');
  expect((await world.as('olu', line.replace('rollback', 'rollback v9'))).err).toContain(
    'POST /api/releases',
  );
});

test('one that was told as late is given up for another, which somebody approves', async () => {
  const world = await afterABadRelease();
  await approved(world);
  await world.carry();
  for (let minutes = 0; minutes < 25; minutes += 5) {
    world.clock.advance(5 * MINUTE_MS);
    await world.carry();
  }
  const other = line.replace('rollback', 'rollback v1');
  expect((await world.as('olu', `${other} --dry-run`)).out).toContain('this one takes its place');
  const asked = await world.as('olu', `${other} --json`);
  const { approval } = asked.json<{ approval: string }>();
  expect((await world.as('ada', `approval approve ${approval} --reason "v2 hangs"`)).code).toBe(0);
  world.clock.advance(MINUTE_MS);
  await world.carry();

  const rows = await world.database.knex('rollbacks').orderBy('id');
  expect(rows.map(({ to_version, state }) => `${to_version} ${state}`)).toEqual(['v2 failed', 'v1 sent']);
  expect(world.hook.asked.map(({ body }) => body.version)).toEqual(['v2', 'v1']);
  const runs = await world.database
    .knex('runs')
    .where({ command: 'release rollback' })
    .whereNot('state', 'planned');
  expect(runs.map(({ state }) => state).sort()).toEqual(['carrying', 'failed']);
});

test('stopped while the hook was being asked: it may have been, so it is not asked again, and on-call is told', async () => {
  const world = await afterABadRelease();
  await approved(world);
  const { knex } = world.database;
  // What a process leaves behind that was killed between the call and its answer.
  await knex('rollbacks').update({
    asked_at: world.clock.now(),
    lease_token: 'lease_gone',
    lease_until: world.clock.now() + 30_000,
    attempts: 1,
  });
  for (let minutes = 0; minutes < 25; minutes += 5) {
    world.clock.advance(5 * MINUTE_MS);
    await world.carry();
  }
  expect(world.hook.asked).toEqual([]);
  expect(await knex('rollbacks').first()).toMatchObject({ state: 'sent' });
  expect(await knex('outbox').where('dedupe_key', 'like', 'rollback-late:%')).toHaveLength(1);
});

test('it is written down that the hook is asked before it is', async () => {
  const world = await afterABadRelease();
  await approved(world);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  world.hook.whenAsked = () => resolve(world.database.knex('rollbacks').first());
  await world.carry();
  expect(await promise).toMatchObject({ state: 'queued', asked_at: expect.any(Number) });
});
