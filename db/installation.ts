import type { Sql } from './connection.ts';

/** Names of what Lucy remembers of her own installation. */
export type InstallationName =
  | 'first_started_at'
  | 'slack_identity'
  | 'stripe_mode'
  | 'health_probe'
  | 'public_url'
  | 'events_poll'
  | 'bulk_pages'
  | 'bulk_page_ms'
  | 'ledger_proof'
  // From when on spends share audit rows, where a version that cannot read them may have run; no row: always.
  | 'shared_spends_from'
  // When this database was made, where it is an anonymised copy of another.
  | 'anonymized_copy'
  // There while a `db copy` into this database has not finished.
  | 'db_copy';

export async function readInstallation(sql: Sql, name: InstallationName): Promise<string | null> {
  const row: { value: string } | undefined = await sql('installation').where({ name }).first('value');
  return row?.value ?? null;
}

/** Like `readInstallation`, but null when it was written before that moment. */
export async function readInstallationSince(
  sql: Sql,
  name: InstallationName,
  since: number,
): Promise<string | null> {
  const row: { value: string } | undefined = await sql('installation')
    .where({ name })
    .where('set_at', '>=', since)
    .first('value');
  return row?.value ?? null;
}

export async function writeInstallation(
  sql: Sql,
  name: InstallationName,
  value: string,
  now: number,
): Promise<void> {
  await sql('installation').insert({ name, value, set_at: now }).onConflict('name').merge();
}

/** Writes the value only when there is none yet, and returns what holds. */
export async function keepFirst(
  sql: Sql,
  name: InstallationName,
  value: string,
  now: number,
): Promise<string> {
  await sql('installation').insert({ name, value, set_at: now }).onConflict('name').ignore();
  return (await readInstallation(sql, name)) ?? value;
}
