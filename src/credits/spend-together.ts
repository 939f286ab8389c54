import type { Database } from '#db/connection.ts';
import { readInstallation } from '#db/installation.ts';
import { spendInOneTransaction } from '#db/spend-batch.ts';
import { patiently } from '#db/transaction.ts';
import { shareCalls } from '#src/core/share-calls.ts';
import { decideSpends, type SharedSpend, type SpendEnd } from './decide-spends.ts';

/** On SQLite a batch of this size holds the event loop for some milliseconds; Slack’s acknowledgements share it. */
const BATCH_MAX = 256;

export type SpendTogether = (spend: SharedSpend) => Promise<SpendEnd>;

/**
 * Spends that come at once share one transaction (decision 0020). What is not plain, and everything when the shared
 * transaction fails, ends as `not plain`: its caller then does it on its own, so that one bad spend never fails another.
 */
export function createSpendTogether(database: Database): SpendTogether {
  let sharedFrom: number | undefined;
  /** The migration wrote it before this version could start, and nobody writes it again. */
  const readSharedFrom = async () => {
    sharedFrom ??= Number((await readInstallation(database.knex, 'shared_spends_from')) ?? 0);
    return sharedFrom;
  };
  return shareCalls<SharedSpend, SpendEnd>(BATCH_MAX, async (spends) => {
    const ends = await spendAll(database, spends, readSharedFrom);
    return ends.map((answer) => ({ answer }));
  });
}

async function spendAll(
  database: Database,
  spends: readonly SharedSpend[],
  readSharedFrom: () => Promise<number>,
): Promise<readonly SpendEnd[]> {
  const questions = spends.map(({ who, request, key }) => ({ who, request, entryKey: key }));
  try {
    const sharedFrom = await readSharedFrom();
    const decided = await patiently(() =>
      spendInOneTransaction(database, questions, (facts) => decideSpends(facts, spends, sharedFrom)),
    );
    return decided.ends;
  } catch {
    // Rolled back, or, when the connection broke at the commit itself, perhaps not: alone, its key tells each of them.
    return spends.map(() => ({ kind: 'not plain' }));
  }
}
