import type { Sql } from '#db/connection.ts';
import { findAccount } from '#db/credit-accounts.ts';
import { findCustomerById } from '#db/customers.ts';
import {
  findNewestEntryId,
  listUndebitedUsage,
  listUnusedDebits,
  readLedgerPage,
} from '#db/detector-usage.ts';
import { gapLines, gapsWords, hasGaps, IN_FLIGHT_MS, readUsageGaps } from '#src/diagnosis/usage-gaps.ts';
import type { Defect, Detector } from './detector.ts';

const USAGE_LIMIT = 200;
const ENTRIES_LIMIT = 2_000;

type Mark = { usage: number; entry: string };

/** AI calls without a debit and debits without an AI call (support runbook, quick reference row 3). */
export const creditsNotDecrementing: Detector = {
  kind: 'credits_not_decrementing',
  async look({ database }, mark, now) {
    const sql = database.knex;
    const until = now - IN_FLIGHT_MS;
    const from: Mark =
      mark === null
        ? { usage: until, entry: (await findNewestEntryId(sql)) ?? '' }
        : (JSON.parse(mark) as Mark);
    const undebited = await listUndebitedUsage(sql, { after: from.usage, until, limit: USAGE_LIMIT });
    const page = { after: from.entry, until, limit: ENTRIES_LIMIT };
    const unused = await listUnusedDebits(sql, page);
    const { count, last, lastAt } = await readLedgerPage(sql, page);
    const defects: Defect[] = [];
    for (const customerId of new Set([...undebited, ...unused].map((gap) => gap.customer_id))) {
      const defect = await defectOf(sql, customerId, now);
      if (defect) defects.push(defect);
    }
    const isCut = undebited.length === USAGE_LIMIT;
    const seen = isCut ? (undebited.at(-1)?.received_at ?? until) : until;
    const isLedgerFull = count === ENTRIES_LIMIT;
    return {
      defects,
      mark: JSON.stringify({ usage: seen, entry: last ?? from.entry } satisfies Mark),
      seenUntil: Math.min(isCut ? seen : now, isLedgerFull ? (lastAt ?? now) : now),
      isFull: isCut || isLedgerFull,
    };
  },
  isStill: async ({ database }, { customer_id }, _details, now) =>
    customer_id !== null && (await defectOf(database.knex, customer_id, now)) !== null,
};

async function defectOf(sql: Sql, customerId: string, now: number): Promise<Defect | null> {
  const gaps = await readUsageGaps(sql, customerId, now);
  const customer = hasGaps(gaps) ? await findCustomerById(sql, customerId) : undefined;
  const account = customer && (await findAccount(sql, customerId));
  if (!customer) return null;
  const [entry] = gaps.unused;
  const { email } = customer;
  return {
    subject: customerId,
    customerId,
    summary: `Credits of ${email} do not go with their AI calls: ${gapsWords(gaps)}.`,
    details: {
      email,
      lines: [...gapLines(gaps, 4), ...(account ? [`The balance is ${account.balance} now.`] : [])],
      ids: [],
      remedy:
        gaps.missing > 0
          ? { label: 'Take the credits', line: `credits consume ${email} ${gaps.missing}` }
          : { label: 'Give them back', line: `credits reverse ${entry?.id ?? ''}` },
    },
  };
}
