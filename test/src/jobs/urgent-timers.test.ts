import { expect, test } from 'vitest';
import { setTimer, urgentKinds } from '#db/timers.ts';
import { inTransaction } from '#db/transaction.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { billingWorld } from '#test/world/billing-world.ts';

test('what somebody waits for stands behind no lots that lapse, and one look finds it', async () => {
  const world = await billingWorld();
  const { knex } = world.database;
  const at = world.clock.now();
  await inTransaction(world.database, async (sql) => {
    for (let lot = 0; lot < 150; lot++)
      await setTimer(sql, at, { kind: 'lot_expiry', subject: `cust_x:${lot}`, dueAt: at - 10 });
    await setTimer(sql, at, { kind: 'alert_call', subject: 'alr_x', dueAt: at - 1 });
  });

  expect(await runTimers(world.deps, urgentKinds)).toBe(1);

  expect(await knex('timers').where({ kind: 'alert_call' })).toEqual([]);
  expect(await knex('timers').where({ kind: 'lot_expiry' })).toHaveLength(150);
});
