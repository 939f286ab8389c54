import type { Sql } from '#db/connection.ts';
import {
  type InvestigationRow,
  insertInvestigation,
  lockInvestigationOf,
  tickInvestigationStep,
  updateInvestigation,
} from '#db/investigations.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewInvestigationCard } from './card.ts';
import type { Findings, Question } from './findings.ts';
import { ticksOf } from './verdicts.ts';

/**
 * Opens the case of a ticket, or brings it up to date with what was found now: of two who ask at once one opens it, and the
 * other finds it there. A closed one is open again.
 */
export async function openCase(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  { question, findings }: { question: Question; findings: Findings },
): Promise<{ row: InvestigationRow; isNew: boolean }> {
  const fresh = rowOf(settings, cause, question, findings);
  const isNew = await insertInvestigation(sql, fresh);
  const row = isNew ? fresh : await lockInvestigationOf(sql, question.ticket);
  if (!row) throw new Error(`The case of ${question.ticket} has no row`);
  if (!isNew) await updateInvestigation(sql, row, renewed(fresh, row));
  for (const { step, note } of ticksOf(findings, question.aroundAt))
    await tickInvestigationStep(sql, {
      investigation_id: row.id,
      step,
      ticked_at: cause.now,
      ticked_name: cause.actor.name,
      ticked_by: 'evidence',
      note,
    });
  await renewInvestigationCard(sql, settings, cause, row.id);
  return { row, isNew };
}

function rowOf(
  settings: Settings,
  { actor, now, correlationId }: Cause,
  { ticket, requestId, customer, aroundAt, windowMs }: Question,
  findings: Findings,
): InvestigationRow {
  return {
    id: newId('inv', now),
    ticket,
    customer_id: customer?.id ?? null,
    request_id: requestId,
    around_at: aroundAt,
    window_ms: windowMs,
    state: 'open',
    evidence: JSON.stringify(findings),
    looked_at: now,
    target: settings.investigations.channel,
    version: 1,
    person: actor.person,
    actor_id: actor.id,
    actor_name: actor.name,
    opened_at: now,
    patch_url: null,
    test_url: null,
    closed_at: null,
    closed_name: null,
    close_reason: null,
    no_change_at: null,
    correlation_id: correlationId,
  };
}

/** Whose case it is, where its card stands and what was linked stay. */
function renewed(fresh: InvestigationRow, held: InvestigationRow): Partial<InvestigationRow> {
  return {
    customer_id: fresh.customer_id ?? held.customer_id,
    request_id: fresh.request_id,
    around_at: fresh.around_at,
    window_ms: fresh.window_ms,
    evidence: fresh.evidence,
    looked_at: fresh.looked_at,
    state: 'open',
    closed_at: null,
    closed_name: null,
    close_reason: null,
    no_change_at: null,
  };
}
