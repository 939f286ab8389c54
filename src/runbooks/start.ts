import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import { findOpenRunbookRun, insertRunbookRun, type RunbookRunRow } from '#db/runbook-runs.ts';
import { insertRunbookSteps } from '#db/runbook-steps.ts';
import { requesterInbox } from '#src/approvals/mentions.ts';
import { listFixes } from '#src/checklists/fixes.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import type { ChannelKey, Settings } from '#src/core/settings.ts';
import { applyEvidence } from './apply-evidence.ts';
import { renewRunbookCard } from './card.ts';
import type { Procedure } from './procedure.ts';

export type Starting = {
  procedure: Procedure;
  customer: CustomerRow | null;
  /** Empty for none. */
  ticket: string;
  channel: ChannelKey | null;
};

/** Begins to work through a runbook; one that is open for the same customer and ticket is gone on with. */
export async function startRunbook(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  starting: Starting,
): Promise<{ run: RunbookRunRow; isNew: boolean }> {
  const { procedure, ticket } = starting;
  const customerId = starting.customer?.id ?? '';
  const run = rowOf(settings, cause, starting, await sinceOf(sql, cause, procedure, customerId, ticket));
  if (!(await insertRunbookRun(sql, run))) {
    const open = await findOpenRunbookRun(sql, run);
    if (!open) throw new Error('The open runbook ended at this very moment');
    return { run: open, isNew: false };
  }
  await insertRunbookSteps(
    sql,
    procedure.steps.map(({ key, says }, index) => ({
      run_id: run.id,
      seq: index + 1,
      key,
      says,
      ticked_at: null,
      ticked_name: null,
      ticked_by: null,
      note: null,
    })),
  );
  await applyEvidence(sql, settings, cause, run);
  await renewRunbookCard(sql, settings, cause, run.id);
  return { run, isNew: true };
}

/** What closes a case looks back to its first fix; all else begins now. */
async function sinceOf(
  sql: Sql,
  { now }: Cause,
  { hasSummary }: Procedure,
  customerId: string,
  ticket: string,
): Promise<number> {
  if (!hasSummary || ticket === '') return now;
  const [first] = await listFixes(sql, { customerId, ticket, since: 0 }, now);
  return first?.done_at ?? now;
}

function rowOf(
  settings: Settings,
  { actor, now, correlationId }: Cause,
  { procedure, customer, ticket, channel }: Starting,
  since: number,
): RunbookRunRow {
  return {
    id: newId('rbk', now),
    runbook: procedure.name,
    customer_id: customer?.id ?? '',
    ticket,
    person: actor.person,
    actor_id: actor.id,
    actor_name: actor.name,
    target: channel ?? requesterInbox(settings, { requester_id: actor.id, requester_person: actor.person }),
    state: 'open',
    version: 1,
    since,
    started_at: now,
    ended_at: null,
    ended_name: null,
    end_reason: null,
    correlation_id: correlationId,
  };
}
