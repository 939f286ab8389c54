import type { Knex } from 'knex';
import type { Sql } from './connection.ts';

/** Work that one process at a time has, for as long as its lease lasts. */
type LeasedTable = 'backups' | 'restores';

export type Lease = { token: string; now: number; until: number };

/**
 * Takes the first that is due, or the named one; undefined when there is none, or another process was first.
 *
 * @param unended leaves what still has to be done
 */
export async function claimDue<Row extends { id: string; attempts: number }>(
  sql: Sql,
  table: LeasedTable,
  unended: (query: Knex.QueryBuilder) => Knex.QueryBuilder,
  lease: Lease,
  id: string | null,
): Promise<Row | undefined> {
  const free = () =>
    unended(sql(table))
      .where('next_attempt_at', '<=', lease.now)
      .where((query) => query.whereNull('lease_until').orWhere('lease_until', '<', lease.now));
  const due: Row | undefined = await (id === null ? free() : free().where({ id })).orderBy('id').first();
  if (!due) return undefined;
  const [taken]: Row[] = await free()
    .where({ id: due.id, attempts: due.attempts })
    .update({ lease_token: lease.token, lease_until: lease.until, attempts: due.attempts + 1 })
    .returning('*');
  return taken;
}

/** Nothing happens where somebody else has it by now; writing under the token finds that out. */
export async function renewLease(
  sql: Sql,
  table: LeasedTable,
  held: { id: string; token: string },
  until: number,
): Promise<void> {
  await sql(table).where({ id: held.id, lease_token: held.token }).update({ lease_until: until });
}
