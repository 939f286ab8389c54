import type { Sql } from '#db/connection.ts';
import { listOpenFindings } from '#db/findings.ts';

/**
 * A payment of this customer still owes its credits: the next pass grants them, so that whoever gives them by hand
 * gives them a second time (support runbook, quick reference row 2).
 */
export async function warnOfUngranted(sql: Sql, customer: { id: string; email: string }): Promise<string[]> {
  const open = await listOpenFindings(sql, customer.id);
  return open
    .filter(({ kind }) => kind === 'credits_not_granted')
    .map(
      ({ subject }) =>
        `The credits of the payment ${subject} are not granted yet. If it is about these, do not give them by hand, for they come besides when it is booked: use “tier reset ${customer.email}”, or “webhook replay” with its event.`,
    );
}
