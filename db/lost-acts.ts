import type { AuditEventRow } from './audit-events.ts';
import type { Sql } from './connection.ts';
import { readCovers } from './shared-spends.ts';

/** What was done after the last audit row that the backup holds. */
export async function listActsAfter(
  sql: Sql,
  auditId: string | null,
  surfaces: readonly string[],
  limit: number,
): Promise<AuditEventRow[]> {
  return actsAfter(sql, auditId, surfaces).orderBy('id').limit(limit);
}

const PAGE = 1_000;

/** A row that many spends share is as many as it covers. */
export async function countActsAfter(
  sql: Sql,
  auditId: string | null,
  surfaces: readonly string[],
): Promise<number> {
  const row = await actsAfter(sql, auditId, surfaces).whereNull('covers').count({ total: '*' }).first();
  let total = Number((row as { total?: number } | undefined)?.total ?? 0);
  for (let after = auditId; ; ) {
    const page: Pick<AuditEventRow, 'id' | 'covers'>[] = await actsAfter(sql, after, surfaces)
      .whereNotNull('covers')
      .orderBy('id')
      .limit(PAGE)
      .select('id', 'covers');
    for (const { covers } of page) total += readCovers(covers)?.spends ?? 1;
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return total;
  }
}

const carriedOver = ['alert', 'break-glass', 'drill', 'incident', 'postmortem', 'release'];

function actsAfter(sql: Sql, auditId: string | null, surfaces: readonly string[]) {
  const query = sql('audit_events')
    .whereIn('surface', [...surfaces])
    .where({ outcome: 'done' })
    // What made the backup, and what goes back to it, is nothing that anybody does again.
    .whereNot('command', 'like', 'backup %')
    // What was answered is in the list by itself; and what is carried over is not lost.
    .whereNot('command', 'like', 'approval %')
    .where((lost) => {
      for (const noun of carriedOver) lost.whereNot('command', 'like', `${noun} %`);
    });
  return auditId === null ? query : query.where('id', '>', auditId);
}

export type ActFate = { email: string | null; isAtStripe: boolean; isHeld: boolean; isLocked: boolean };

/** Whom an act was about, and what is left of it in the database that takes the place of the living one. */
export async function findActFate(live: Sql, restored: Sql | null, act: AuditEventRow): Promise<ActFate> {
  const customer = await live('customers')
    .where({ id: act.customer_id ?? '' })
    .first('email');
  const effects: { id: string; sent_at: number | null }[] = await live('stripe_effects')
    .where({ run_id: act.run_id ?? '' })
    .select('id', 'sent_at');
  const ids = effects.map(({ id }) => id);
  const held =
    restored && ids.length > 0
      ? await restored('stripe_effects').whereIn('id', ids).where({ state: 'queued' }).first('id')
      : undefined;
  const lock =
    restored && act.command === 'customer lock'
      ? await restored('customer_locks')
          .where({ customer_id: act.customer_id ?? '' })
          .whereNull('ended_at')
          .first('id')
      : undefined;
  return {
    email: customer?.email ?? null,
    isAtStripe: effects.some(({ sent_at }) => sent_at !== null),
    isHeld: held !== undefined,
    isLocked: lock !== undefined,
  };
}
