import { z } from 'zod';
import type { AuditEventRow } from '#db/audit-events.ts';

export type FailedTry = { at: number; customerId: string | null; error: string; isSettings: boolean };

const kept = z.object({ error: z.string(), isSettings: z.boolean() });

/** The tries, newest first, that failed since the last one that went well: of one customer, or of everybody. */
export function triedInVain(tries: readonly AuditEventRow[], customerId?: string): FailedTry[] {
  const failed: FailedTry[] = [];
  for (const row of tries) {
    if (customerId !== undefined && row.customer_id !== customerId) continue;
    if (row.outcome === 'done') return failed;
    const after = kept.safeParse(JSON.parse(row.after)).data;
    if (after) failed.push({ at: row.at, customerId: row.customer_id, ...after });
  }
  return failed;
}
