import type { Sql } from '#db/connection.ts';
import { findUnbalancedAccounts } from '#db/credit-accounts.ts';
import { closeFindingsExcept } from '#db/findings.ts';
import type { Cause } from '#src/core/cause.ts';
import { raiseFinding } from '#src/findings/open.ts';

/** Proves that every balance is what its entries, its lots and its holds add up to. Returns how many are not. */
export async function proveLedger(sql: Sql, cause: Cause): Promise<number> {
  const wrong = await findUnbalancedAccounts(sql);
  for (const account of wrong) {
    await raiseFinding(sql, cause, {
      kind: 'ledger_unbalanced',
      subject: account.customer_id,
      customerId: account.customer_id,
      summary: `The credit balance of ${account.customer_id} is ${account.balance}, but its entries say ${account.entries} and its lots ${account.lots}; ${account.held} are held, and its open holds say ${account.holds}.`,
      hint: 'Nothing was changed. Escalate to the data platform team; the entries are the truth.',
      evidence: account,
      tell: 'oncall',
    });
  }
  const subjects = wrong.map((account) => account.customer_id);
  await closeFindingsExcept(sql, 'ledger_unbalanced', subjects, cause.now);
  return wrong.length;
}
