import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import type { RunbookRunRow } from '#db/runbook-runs.ts';

/** Whom a runbook is worked through for, where it is for somebody. */
export async function emailOf(
  sql: Sql,
  run: Pick<RunbookRunRow, 'customer_id'>,
): Promise<string | undefined> {
  return run.customer_id === '' ? undefined : (await findCustomerById(sql, run.customer_id))?.email;
}
