import { type AuditEventRow, type AuditFilter, searchAuditEvents } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import type { RunbookRunRow } from '#db/runbook-runs.ts';
import type { Verdict } from '#src/checklists/verdict.ts';
import type { Settings } from '#src/core/settings.ts';
import { evidence } from './evidence.ts';
import type { Step } from './procedure.ts';

/** Whether something that happened ticks this step; null for a step that only people tick. */
export async function lookAtStep(
  sql: Sql,
  settings: Settings,
  run: RunbookRunRow,
  step: Step,
  now: number,
): Promise<Verdict | null> {
  const { ticksBy } = step;
  if (!ticksBy) return null;
  if ('evidence' in ticksBy) return evidence[ticksBy.evidence](sql, settings, run, now);
  const done = await findDone(sql, run, ticksBy.commands);
  if (!done) return { kind: 'open', why: null };
  return {
    kind: 'ticked',
    by: done.actor_name,
    at: done.at,
    note: `${done.command} ${done.run_id ?? done.id}`,
  };
}

/** The first of these commands that was done for the customer or the ticket since; without either, by anybody. */
async function findDone(
  sql: Sql,
  run: RunbookRunRow,
  commands: readonly string[],
): Promise<AuditEventRow | undefined> {
  const narrowed: AuditFilter[] = [
    ...(run.customer_id === '' ? [] : [{ customerId: run.customer_id }]),
    ...(run.ticket === '' ? [] : [{ ticket: run.ticket }]),
  ];
  const filters = narrowed.length > 0 ? narrowed : [{}];
  for (const command of commands)
    for (const filter of filters) {
      const wanted = { ...filter, command, outcome: 'done' as const, from: run.since };
      const [found] = await searchAuditEvents(sql, wanted, null, 1);
      if (found) return found;
    }
  return undefined;
}
