import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { findRunbookRun, type RunbookRunRow } from '#db/runbook-runs.ts';
import { listRunbookSteps, type RunbookStepRow } from '#db/runbook-steps.ts';
import { listFixes } from '#src/checklists/fixes.ts';
import { summaryOf } from '#src/checklists/summary.ts';
import type { Cause } from '#src/core/cause.ts';
import { isoTime } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply, Value } from '#src/replies/reply.ts';
import { caseOf } from './evidence.ts';
import { findProcedure } from './procedures.ts';
import { stepButtons } from './step-buttons.ts';

/** `runbook:rbk_…`, the card's key. */
export function cardKey(runId: string): string {
  return `runbook:${runId}`;
}

type Stored = { run: RunbookRunRow; steps: RunbookStepRow[]; customer: string | undefined; title: string };

/** The checklist of a runbook that somebody works through, from its rows alone. */
export async function runbookCard(
  sql: Sql,
  _settings: Settings,
  id: string,
): Promise<{ run: RunbookRunRow; reply: Reply; version: number } | null> {
  const run = await findRunbookRun(sql, id);
  if (!run) return null;
  const procedure = findProcedure(run.runbook);
  const customer = run.customer_id === '' ? undefined : await findCustomerById(sql, run.customer_id);
  const stored: Stored = {
    run,
    steps: await listRunbookSteps(sql, id),
    customer: customer?.email,
    title: procedure?.title ?? run.runbook,
  };
  // As of the end, for what is done for the same ticket afterwards belongs to another list.
  const until = run.ended_at ?? Number.MAX_SAFE_INTEGER;
  const fixes = procedure?.hasSummary
    ? (await listFixes(sql, caseOf(run), until)).filter((fix) => (fix.done_at ?? 0) <= until)
    : null;
  return {
    run,
    version: run.version,
    reply: {
      tone: run.state === 'open' ? 'preview' : run.state === 'done' ? 'done' : 'info',
      title: titleOf(stored),
      sections: [{ heading: 'Steps', lines: stored.steps.flatMap(stepLines) }],
      ...(fixes ? { paste: summaryOf(run.ticket, fixes) } : {}),
      buttons: run.state === 'open' && procedure ? stepButtons(procedure, stored) : [],
      ...(run.state === 'open'
        ? {
            hint: 'A step with a command ticks itself when that is done; tick the others with their buttons.',
          }
        : {}),
      correlationId: run.correlation_id,
      json: jsonOf(stored),
    },
  };
}

function titleOf({ run, steps, customer, title }: Stored): string {
  const about = aboutOf(customer, run.ticket);
  const done = steps.filter((step) => step.ticked_at !== null).length;
  if (run.state === 'open')
    return `${title}${about}: ${done} of ${steps.length} steps done. ${run.actor_name} started it.`;
  if (run.state === 'done') return `${title}${about}: all ${steps.length} steps are done.`;
  return `${title}${about}: ${run.ended_name} closed it with ${done} of ${steps.length} steps done: ${run.end_reason}`;
}

/** ` for sofia@firm.com (ZD-812)`, as far as it is known. */
export function aboutOf(customer: string | undefined, ticket: string): string {
  return `${customer ? ` for ${customer}` : ''}${ticket ? ` (${ticket})` : ''}`;
}

/** The step, and below it who ticked it and when, or why it is not ticked yet. */
function stepLines(step: RunbookStepRow, index: number): Value[][] {
  const { says, note, ticked_at: at, ticked_name: name } = step;
  const line: Value[] = [`${at === null ? '☐' : '✓'} ${index + 1}`, says];
  if (at !== null) return [line, ['↳', `${name}${note === null ? '' : `: ${note}`}`, { at }]];
  return note === null ? [line] : [line, ['↳', `Not yet: ${note}`]];
}

function jsonOf({ run, steps, customer }: Stored): Record<string, unknown> {
  return {
    id: run.id,
    runbook: run.runbook,
    customer: customer ?? null,
    ticket: run.ticket || null,
    state: run.state,
    startedBy: run.actor_name,
    startedAt: isoTime(run.started_at),
    steps: steps.map((step) => ({
      key: step.key,
      says: step.says,
      tickedBy: step.ticked_name,
      tickedAt: step.ticked_at === null ? null : isoTime(step.ticked_at),
      by: step.ticked_by,
      note: step.note,
    })),
    correlationId: run.correlation_id,
  };
}

/** Queues the card’s edit, in the transaction of what changed; some have no card in Slack. */
export async function renewRunbookCard(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  id: string,
): Promise<void> {
  const card = await runbookCard(sql, settings, id);
  if (!card) throw new Error(`The runbook run ${id} has no row to make a card of`);
  if (card.run.target === null) return;
  await renewCard(sql, cause, {
    key: cardKey(id),
    target: card.run.target,
    version: card.version,
    reply: card.reply,
  });
}
