import type { RunRow } from '#db/runs.ts';
import { checklistButtons } from '#src/checklists/offer.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatUtc } from '#src/core/clock.ts';
import { listed } from '#src/core/text.ts';
import type { Fact, Reply } from '#src/replies/reply.ts';
import type { ChangeCommand, Outcome } from './define-command.ts';
import { whoAndWhy } from './preview-reply.ts';

/** What the person keeps: what changed, the block for the ticket, and the way back. */
export function receiptReply(command: ChangeCommand, run: RunRow, cause: Cause, outcome: Outcome): Reply {
  const undo: Fact = { label: 'Undo', value: outcome.undo.sentence };
  return {
    tone: outcome.isUnfinished ? 'warning' : outcome.isOnItsWay ? 'sending' : 'done',
    title: `${outcome.title}.`,
    changes: outcome.changes,
    facts: [
      ...(outcome.facts ?? []),
      ...whoAndWhy(cause),
      ...approvedFacts(cause),
      { label: 'Run', value: { code: run.id } },
      undo,
    ],
    paste: ticketBlock(command, run, cause, outcome),
    buttons: [
      ...(outcome.look ? [{ kind: 'command' as const, ...outcome.look }] : []),
      ...(outcome.undo.line ? [{ kind: 'command' as const, label: 'Undo', line: `undo ${run.id}` }] : []),
      ...checklistButtons(command.name, cause.ticket, outcome.customerId),
    ],
    correlationId: cause.correlationId,
    ...(outcome.follow ? { follow: outcome.follow } : {}),
    json: {
      done: !outcome.isOnItsWay && !outcome.isUnfinished,
      run: run.id,
      correlationId: cause.correlationId,
      title: outcome.title,
      changes: outcome.changes,
      undo: outcome.undo.line ? `undo ${run.id}` : null,
      ...outcome.json,
    },
  };
}

function approvedFacts(cause: Cause): Fact[] {
  const facts: Fact[] = [];
  if (cause.approval)
    facts.push({ label: 'Approved by', value: listed(cause.approval.by.map((vote) => vote.name)) });
  if (cause.breakGlass) facts.push({ label: 'Break-glass', value: { code: cause.breakGlass } });
  return facts;
}

/** What colleagues read in the feed: the same facts, without the buttons that belong to one person. */
export function announcement(command: ChangeCommand, run: RunRow, cause: Cause, outcome: Outcome): Reply {
  return {
    tone: 'done',
    title: `${outcome.title} by ${cause.actor.name}.`,
    changes: outcome.changes,
    facts: [
      ...whoAndWhy(cause),
      ...approvedFacts(cause),
      { label: 'Command', value: { code: command.name } },
      { label: 'Run', value: { code: run.id } },
    ],
    correlationId: cause.correlationId,
  };
}

/** Support runbook sections 3 and 6: the summary of actions, the command and the correlation id, ready to paste. */
function ticketBlock(command: ChangeCommand, run: RunRow, cause: Cause, outcome: Outcome): string {
  const changes = outcome.changes.map((change) => `${change.label}: ${change.before} → ${change.after}`);
  return [
    `${outcome.title}.`,
    ...changes,
    `Reason: ${cause.reason ?? 'not given'}`,
    `By ${cause.actor.name} at ${formatUtc(cause.now)} with Lucy (${command.name})`,
    ...approvedFacts(cause).map((fact) => `${fact.label}: ${printed(fact)}`),
    `Run ${run.id} · Correlation ID ${cause.correlationId}`,
  ].join('\n');
}

function printed({ value }: Fact): string {
  if (typeof value === 'string') return value;
  if ('channel' in value) return `#${value.name}`;
  if ('link' in value) return value.link;
  return 'code' in value ? value.code : formatUtc(value.at);
}
