import { listCreditLinesSince } from '#db/batch-rows.ts';
import type { Sql } from '#db/connection.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS, formatUtc } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { CreditsLine } from './apply-credits.ts';
import { type BadLine, badLineOf } from './bad-line.ts';

/** An older import of the same can hardly be a mistake any more, and its file is gone by then. */
const LOOK_BACK_MS = 30 * DAY_MS;
const CUSTOMERS_AT_ONCE = 500;

type Said = Pick<CreditsLine, 'credits' | 'reason' | 'ticket'>;
type Given = Said & { runId: string; at: number };

/**
 * What earlier imports gave these customers within 30 days and nobody took back, or are about to give. A mended file is
 * another file, and still the same credits: the answer says so of a line for the same customer, as many credits and the
 * same ticket, or the same reason where there is no ticket.
 */
export async function readGivenBefore(
  sql: Sql,
  cause: Pick<Cause, 'reason' | 'ticket' | 'now'>,
  customerIds: readonly string[],
): Promise<(customerId: string, line: Said) => Given | undefined> {
  const given = new Map<string, Given[]>();
  for (let at = 0; at < customerIds.length; at += CUSTOMERS_AT_ONCE) {
    const some = customerIds.slice(at, at + CUSTOMERS_AT_ONCE);
    for (const row of await listCreditLinesSince(sql, some, cause.now - LOOK_BACK_MS)) {
      const before = filled(JSON.parse(row.input) as Said, JSON.parse(row.cause) as Said);
      const one = { ...before, runId: row.run_id, at: row.created_at };
      given.set(row.customer_id, [...(given.get(row.customer_id) ?? []), one]);
    }
  }
  return (customerId, line) => given.get(customerId)?.find((before) => isSame(before, filled(line, cause)));
}

/** The line as bad, because an earlier import gave it. */
export function givenBeforeLine(
  at: { line: number; cells: readonly string[] },
  email: string,
  { credits, runId, at: when }: Given,
): BadLine {
  return badLineOf(at.line, 'line', at.cells, {
    message: `${email} got these ${counted(credits, 'credit')} by an import already: ${runId}, ${formatUtc(when)}.`,
    hint: 'Leave it out. If it is meant a second time, add --again.',
  });
}

export function repeatedWarnings(lines: number): string[] {
  if (lines === 0) return [];
  const which =
    lines === 1 ? '1 line was carried out' : `${lines.toLocaleString('en-US')} lines were carried out`;
  return [`${which} by an earlier import of the last 30 days; this gives the same credits again.`];
}

/** A line without a reason or ticket of its own has those of its import. */
function filled(line: Said, of: { reason: string | null; ticket: string | null }): Said {
  return { credits: line.credits, reason: line.reason ?? of.reason, ticket: line.ticket ?? of.ticket };
}

function isSame(before: Said, line: Said): boolean {
  if (before.credits !== line.credits) return false;
  return before.ticket !== null && line.ticket !== null
    ? normal(before.ticket) === normal(line.ticket)
    : normal(before.reason) === normal(line.reason);
}

function normal(text: string | null): string {
  return (text ?? '').trim().replace(/\s+/g, ' ').toLowerCase();
}
