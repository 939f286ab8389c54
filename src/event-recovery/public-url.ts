import type { Sql } from '#db/connection.ts';
import { readInstallation } from '#db/installation.ts';

/** PUBLIC_URL of the service, as it was when it last started: the terminal need not be told it. Null when unset. */
export async function readPublicUrl(sql: Sql): Promise<string | null> {
  return (await readInstallation(sql, 'public_url')) || null;
}
