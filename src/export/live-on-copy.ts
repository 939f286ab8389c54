import type { Sql } from '#db/connection.ts';
import { readInstallation } from '#db/installation.ts';

/** With live keys, real customers would come into a copy that is handed around because it has none. Null when it is not so. */
export async function liveOnCopy(
  sql: Sql,
  mode: 'test' | 'live' | undefined,
): Promise<{ message: string; hint: string } | null> {
  if (mode !== 'live' || (await readInstallation(sql, 'anonymized_copy')) === null) return null;
  return {
    message:
      'This database is an anonymised copy, and the Stripe key is one of live mode, so Lucy does not start.',
    hint: 'Set STRIPE_SECRET_KEY to a key of test mode, or DATABASE_URL to another database.',
  };
}
