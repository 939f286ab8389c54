import type { Sql } from '#db/connection.ts';
import { listRunsBetween, listRunsByTicket, type RunRow } from '#db/runs.ts';

/** A case that was worked on: a ticket, or without one a customer since some moment. Empty for what there is not. */
export type Case = { customerId: string; ticket: string; since: number };

/** What was done in a case, oldest first; handing it over and ticking lists is no fix. */
export async function listFixes(
  sql: Sql,
  { customerId, ticket, since }: Case,
  now: number,
): Promise<RunRow[]> {
  const runs =
    ticket !== ''
      ? await listRunsByTicket(sql, ticket)
      : customerId !== ''
        ? await listRunsBetween(sql, customerId, since, now)
        : [];
  return runs
    .filter((run) => run.state === 'done' && isFix(run.command))
    .sort((a, b) => (a.done_at ?? 0) - (b.done_at ?? 0));
}

/** Whether a command mends something of a customer’s. */
export function isFix(command: string): boolean {
  return !/^(runbook|escalation|approval|break-glass|incident) |^escalate$/.test(command);
}
