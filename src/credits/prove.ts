import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sql } from '#db/connection.ts';
import {
  type AccountRange,
  findEndOfAccounts,
  findUnbalancedAccounts,
  listToldUnbalanced,
  type UnbalancedAccount,
} from '#db/credit-proof.ts';
import { closeFinding, listOpenOfKind } from '#db/findings.ts';
import type { Cause } from '#src/core/cause.ts';
import { raiseFinding } from '#src/findings/open.ts';

const KIND = 'ledger_unbalanced';
/** Few enough that nobody waits for a part of it. */
const ACCOUNTS_AT_ONCE = 500;
/** When more than this are wrong at once it is one trouble, and nobody reads more messages about it. */
const TOLD_MAX = 200;

/**
 * Proves that every balance is what its entries, its lots and its holds add up to, a part after the other with turns
 * between them, and closes what was proved right again. Returns how many are wrong.
 */
export async function proveLedger(sql: Sql, cause: Cause): Promise<number> {
  let wrong = 0;
  let after = '';
  for (;;) {
    const upTo = await findEndOfAccounts(sql, after, ACCOUNTS_AT_ONCE);
    if (upTo === null) return wrong;
    wrong += await provePart(sql, cause, { after, upTo });
    after = upTo;
    // SQLite answers within the turn: requests and timers must get theirs.
    await nextTurn();
  }
}

async function provePart(sql: Sql, cause: Cause, range: AccountRange): Promise<number> {
  const wrong = await findUnbalancedAccounts(sql, range);
  const told = new Set(await listToldUnbalanced(sql, KIND, range));
  const untold = wrong.filter(({ customer_id }) => !told.delete(customer_id));
  if (untold.length > 0) {
    const open = await listOpenOfKind(sql, KIND, '', TOLD_MAX);
    for (const account of untold.slice(0, TOLD_MAX - open.length)) await tell(sql, cause, account);
  }
  for (const customerId of told) await closeFinding(sql, KIND, customerId, cause.now);
  return wrong.length;
}

/** The finding and its message, or neither. */
async function tell(sql: Sql, cause: Cause, account: UnbalancedAccount): Promise<void> {
  await sql.transaction((trx) =>
    raiseFinding(trx, cause, {
      kind: KIND,
      subject: account.customer_id,
      customerId: account.customer_id,
      summary: `The credit balance of ${account.customer_id} is ${account.balance}, but its entries say ${account.entries} and its lots ${account.lots}; ${account.held} are held, and its open holds say ${account.holds}.`,
      hint: 'Nothing was changed. Escalate to the data platform team; the entries are the truth.',
      evidence: account,
      tell: 'oncall',
    }),
  );
}
