import { type AuditEventRow, insertAuditEvent } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';

export type AuditFacts = {
  command: string;
  outcome: 'done' | 'refused' | 'failed';
  customerId: string | null;
  input: unknown;
  before: unknown;
  after: unknown;
};

/** One append-only row: who did what, why, before → after. Call it in the transaction of the effect itself. */
export async function recordAudit(sql: Sql, cause: Cause, facts: AuditFacts): Promise<string> {
  const row = auditRow(cause, facts);
  await insertAuditEvent(sql, row);
  return row.id;
}

/** The row as it is written; for what is written many rows at once. */
export function auditRow(cause: Cause, facts: AuditFacts): AuditEventRow {
  return {
    id: newId('aud', cause.now),
    at: cause.now,
    actor_id: cause.actor.id,
    actor_name: cause.actor.name,
    person: cause.actor.person,
    surface: cause.surface,
    command: facts.command,
    outcome: facts.outcome,
    run_id: cause.runId,
    customer_id: facts.customerId,
    input: JSON.stringify(facts.input ?? null),
    before: JSON.stringify(facts.before ?? null),
    after: JSON.stringify(facts.after ?? null),
    reason: cause.reason,
    ticket: cause.ticket,
    correlation_id: cause.correlationId,
    approval_id: cause.approval?.id ?? null,
    approved_by: cause.approval ? JSON.stringify(cause.approval.by) : null,
    break_glass: cause.breakGlass ?? null,
    covers: null,
  };
}
