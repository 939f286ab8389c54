import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '#db/connection.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';

const DAY_MS = 86_400_000;

test('F36: many processes that look when a timer is due do its work once, and a late one does it all the same', async () => {
  const world = await billingWorld();
  const { knex } = world.database;
  // Nobody waits to be looked at: otherwise the timer waits for that.
  await world.drain();
  await world.lucy(`tier set ${sofia.email} pro --until 2d --reason "trial" --yes`);
  expect(await knex('timers').where({ kind: 'override_expiry' })).toHaveLength(1);
  const others = [1, 2, 3].map(() => openDatabase(world.url, { poolMax: 2, busyTimeoutMs: 5_000 }));
  onTestFinished(async () => {
    await Promise.all(others.map((database) => database.close()));
  });
  const processes = [world.deps, ...others.map((database) => ({ ...world.deps, database }))];

  world.clock.advance(5 * DAY_MS);
  await Promise.all(processes.map((deps) => runTimers(deps)));
  await Promise.all(processes.map((deps) => runTimers(deps)));

  expect(await knex('audit_events').where({ command: 'timer override_expiry' })).toHaveLength(1);
  expect(await knex('entitlement_changes').where({ cause: 'timer' })).toHaveLength(1);
  expect(await knex('timers').where({ kind: 'override_expiry' })).toEqual([]);
});
