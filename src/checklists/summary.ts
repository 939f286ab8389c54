import type { RunRow } from '#db/runs.ts';
import { formatUtc } from '#src/core/clock.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import { readReply } from '#src/replies/reply.ts';

/** As many as a message holds with room to spare; the ticket has the earlier ones from their own receipts. */
const SHOWN_MAX = 10;

/** Support runbook section 6: all that was done for a ticket, with the commands, ready to paste into it. */
export function summaryOf(ticket: string, fixes: readonly RunRow[]): string {
  const named = ticket === '' ? '' : ` for ${ticket}`;
  if (fixes.length === 0) return `Nothing was changed${named}.`;
  const left = fixes.length - SHOWN_MAX;
  return [
    `What was done${named}:`,
    ...(left > 0 ? [`(the ${left} earliest are left out)`] : []),
    ...fixes.slice(-SHOWN_MAX).flatMap(paragraph),
  ].join('\n');
}

function paragraph(run: RunRow, index: number): string[] {
  const title = readReply(run.reply)?.title ?? run.command;
  return [
    `${index + 1}. ${title}${run.undone_by ? ' It was undone later.' : ''} (${run.actor_name}, ${formatUtc(run.done_at ?? run.created_at)})`,
    `   lucy ${commandLine(run)}`,
    `   Run ${run.id} · Correlation ID ${run.correlation_id}`,
  ];
}

/** The command as it can be typed at the terminal, with the reason and the ticket at its end. */
function commandLine({ command, input }: RunRow): string {
  const raw = JSON.parse(input) as Record<string, unknown>;
  const { reason, ticket, ...subject } = raw;
  return lineWithFlags(
    command,
    Object.entries({ ...subject, reason, ticket }).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
      value === undefined || value === null ? undefined : String(value),
    ]),
  );
}
