import type { Sql } from '#db/connection.ts';
import { readInstallation, writeInstallation } from '#db/installation.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import type { Cause } from '#src/core/cause.ts';
import { proveLedger } from '#src/credits/prove.ts';

const DUE = 'due';

/** Asks for a proof of the whole ledger: it takes longer than a timer's transaction may. */
export async function askForProof(sql: Sql, cause: Cause): Promise<void> {
  await writeInstallation(sql, 'ledger_proof', DUE, cause.now);
}

/** Proves the ledger when that is due. A process that dies in between leaves it due. */
export async function proveWhenDue({ database, clock, fence }: BillingDeps): Promise<void> {
  const sql = database.knex;
  if ((await readInstallation(sql, 'ledger_proof')) !== DUE) return;
  await proveLedger(sql, scheduleCause(clock.now(), 'The nightly proof of the ledger'));
  await inTransaction(database, async (trx) => {
    await fence?.(trx);
    await writeInstallation(trx, 'ledger_proof', 'done', clock.now());
  });
}
