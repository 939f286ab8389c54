import type { Sql } from './connection.ts';

/** A customer who is kept out because of fraud; in force until it has ended. */
export type CustomerLockRow = {
  id: string;
  customer_id: string;
  reason: string;
  ticket: string | null;
  actor: string;
  actor_name: string;
  correlation_id: string;
  locked_at: number;
  ended_at: number | null;
  ended_by: string | null;
  ended_name: string | null;
  ended_reason: string | null;
};

export async function insertCustomerLock(sql: Sql, row: CustomerLockRow): Promise<void> {
  await sql('customer_locks').insert(row);
}

/** The lock in force; there is at most one. */
export async function findOpenLock(sql: Sql, customerId: string): Promise<CustomerLockRow | undefined> {
  return sql<CustomerLockRow>('customer_locks')
    .where({ customer_id: customerId })
    .whereNull('ended_at')
    .first();
}

/** False when it has ended already. */
export async function endCustomerLock(
  sql: Sql,
  id: string,
  end: { ended_at: number; ended_by: string; ended_name: string; ended_reason: string },
): Promise<boolean> {
  return (await sql('customer_locks').where({ id }).whereNull('ended_at').update(end)) > 0;
}

/** Newest first, ended ones included. */
export async function listCustomerLocks(sql: Sql, customerId: string): Promise<CustomerLockRow[]> {
  return sql<CustomerLockRow>('customer_locks')
    .where({ customer_id: customerId })
    .orderBy('locked_at', 'desc')
    .limit(100);
}

export async function findCustomerLock(sql: Sql, id: string): Promise<CustomerLockRow | undefined> {
  return sql<CustomerLockRow>('customer_locks').where({ id }).first();
}
