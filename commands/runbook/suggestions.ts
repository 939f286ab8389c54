import { z } from 'zod';
import {
  listDecidedSuggestions,
  listOpenSuggestions,
  type RunbookSuggestionRow,
} from '#db/runbook-suggestions.ts';
import { isoTime } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { Value } from '#src/replies/reply.ts';
import { ownerWords } from '#src/runbooks/owner.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const OPEN_MAX = 50;
const DECIDED_MAX = 5;
const DECIDABLE_MAX = 5;

/** What was suggested and is not decided, the oldest first; and what became of the last ones. */
export const runbookSuggestions = defineLookup({
  name: 'runbook suggestions',
  summary: 'List what was suggested for the runbooks',
  examples: ['runbook suggestions'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, settings }) {
    const open = await listOpenSuggestions(sql, null, OPEN_MAX);
    const decided = await listDecidedSuggestions(sql, DECIDED_MAX);
    return {
      tone: 'info',
      title:
        open.length === 0
          ? 'No suggestion waits.'
          : `${counted(open.length, 'suggestion')} ${open.length === 1 ? 'waits' : 'wait'} for ${ownerWords(settings)}.`,
      sections: [
        { heading: 'Open', lines: open.map(openLine), empty: 'None.' },
        { heading: 'Decided lately', lines: decided.map(decidedLine), empty: 'None.' },
      ],
      buttons: open.slice(0, DECIDABLE_MAX).flatMap((row, index) => [
        { kind: 'command' as const, label: `Accept ${index + 1} …`, line: `runbook accept ${row.id}` },
        { kind: 'command' as const, label: `Decline ${index + 1} …`, line: `runbook decline ${row.id}` },
      ]),
      json: { open: open.map(json), decided: decided.map(json) },
    };
  },
});

function openLine(row: RunbookSuggestionRow, index: number): Value[] {
  return [
    `${index + 1}`,
    `${row.runbook}: ${row.suggestion}`,
    row.actor_name,
    { at: row.created_at },
    { code: row.id },
  ];
}

function decidedLine(row: RunbookSuggestionRow): Value[] {
  return [`${row.runbook}: ${row.suggestion}`, `${row.decided_name} ${row.state} it: ${row.decision}`];
}

function json(row: RunbookSuggestionRow): Record<string, unknown> {
  return {
    id: row.id,
    runbook: row.runbook,
    suggestion: row.suggestion,
    ticket: row.ticket || null,
    state: row.state,
    by: row.actor_name,
    at: isoTime(row.created_at),
    decidedBy: row.decided_name,
    decision: row.decision,
  };
}
