import { inTransaction } from '#db/transaction.ts';
import { countReplayed, listRunningReplays, updateReplay } from '#db/webhook-replays.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { renewReplayCard } from './replay-card.ts';

const LOOKED_AT = 10;

/** Brings the cards of running replays up to date, and ends those whose events are all at their end. */
export async function followReplays(deps: BillingDeps): Promise<void> {
  const now = deps.clock.now();
  for (const replay of await listRunningReplays(deps.database.knex, LOOKED_AT)) {
    await inTransaction(deps.database, async (sql) => {
      const counts = await countReplayed(sql, replay.correlation_id);
      const open = (counts.received ?? 0) + (counts.failed ?? 0);
      const settled = replay.total - open;
      const isDone = open === 0;
      if (settled === replay.settled && !isDone) return;
      const patch = {
        settled,
        state: isDone ? ('done' as const) : replay.state,
        ended_at: isDone ? now : null,
      };
      if (!(await updateReplay(sql, replay, patch))) return;
      const cause = scheduleCause(now, 'A replay of Stripe events went on');
      await renewReplayCard(sql, { ...cause, correlationId: replay.correlation_id }, replay.run_id);
    });
  }
}
