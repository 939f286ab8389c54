import type { Sql } from '#db/connection.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import type { EndedHold } from './end-hold.ts';

/** Writes into the audit how a hold ended, and returns the log line of it. */
export async function recordEndOfHold(
  sql: Sql,
  cause: Cause,
  command: 'credits hold settle' | 'credits hold void' | 'credits hold expire',
  { hold, customerId }: EndedHold,
) {
  await recordAudit(sql, cause, {
    command,
    outcome: 'done',
    customerId,
    input: { hold: hold.id, amount: hold.asked },
    before: { state: 'open', held: hold.amount },
    after: { state: hold.state, spent: hold.settled, entry: hold.entry_id },
  });
  return {
    event: 'credits_changed',
    action: `hold_${hold.state}`,
    customer: customerId,
    hold: hold.id,
    amount: hold.settled === 0 ? 0 : -hold.settled,
  };
}
