import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import type { TimerRow } from '#db/timers.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import type { Cause } from '#src/core/cause.ts';
import { announceChange, changeLog } from '#src/entitlements/announce.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';

/** A line for the log, written after the commit. */
export type TimerLog = { event: string; action?: string; [key: string]: unknown };

/** A deadline passed, so a customer's tier is decided again; what changes is audited and told. */
export async function recompute(
  sql: Sql,
  deps: BillingDeps,
  cause: Cause,
  customerId: string,
  timer: TimerRow,
  reason: string,
): Promise<TimerLog[]> {
  const customer = await findCustomerById(sql, customerId);
  if (!customer) return [];
  const why = { kind: 'timer' as const, ref: timer.id, reason };
  const { change } = await recomputeEntitlement(
    sql,
    { settings: deps.settings, mode: deps.mode, cause: { ...cause, reason } },
    customerId,
    why,
  );
  if (!change) return [];
  await recordAudit(
    sql,
    { ...cause, reason },
    {
      command: `timer ${timer.kind}`,
      outcome: 'done',
      customerId,
      input: { timer: timer.id, subject: timer.subject },
      before: { tier: change.from_tier, access: change.from_access },
      after: { tier: change.to_tier, access: change.to_access },
    },
  );
  await announceChange(sql, cause, customer.email, change, { changes: [], facts: [] });
  return [changeLog(change, timer.kind)];
}
