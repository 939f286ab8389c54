import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { listTroubledAccounts, readBalanceFacts } from '#db/detector-balances.ts';
import { findNewestEntryId, listMovedAccounts, readLedgerPage } from '#db/detector-usage.ts';
import {
  type BalanceTrouble,
  balanceTroubleOf,
  findBalanceTrouble,
  STUCK_AFTER_MS,
} from '#src/diagnosis/balance-trouble.ts';
import type { Defect, Detector } from './detector.ts';

const ACCOUNTS_LIMIT = 100;
const ENTRIES_LIMIT = 500;

/** Balances that are negative, stuck, or not what their ledger says (support runbook section 5). */
export const balanceStuck: Detector = {
  kind: 'balance_stuck',
  async look({ database }, mark, now) {
    const sql = database.knex;
    const after = mark ?? (await findNewestEntryId(sql)) ?? '';
    const page = { after, until: now, limit: ENTRIES_LIMIT };
    const { count, last, lastAt } = await readLedgerPage(sql, page);
    const moved = await listMovedAccounts(sql, page);
    const troubled = await listTroubledAccounts(sql, this.kind, now - STUCK_AFTER_MS, ACCOUNTS_LIMIT);
    const facts = await readBalanceFacts(sql, [...new Set([...moved, ...troubled])], now - STUCK_AFTER_MS);
    const defects: Defect[] = [];
    for (const row of facts) {
      const trouble = balanceTroubleOf(row);
      const defect = trouble && (await defectOf(sql, trouble));
      if (defect) defects.push(defect);
    }
    const isFull = count === ENTRIES_LIMIT;
    return { defects, mark: last ?? after, seenUntil: isFull ? (lastAt ?? now) : now, isFull };
  },
  isStill: async ({ database }, { customer_id }, _details, now) =>
    customer_id !== null && (await findBalanceTrouble(database.knex, customer_id, now)) !== null,
};

async function defectOf(sql: Sql, { customerId, lines }: BalanceTrouble): Promise<Defect | null> {
  const customer = await findCustomerById(sql, customerId);
  if (!customer) return null;
  return {
    subject: customerId,
    customerId,
    summary: `The credit balance of ${customer.email} is negative or stuck: ${lines[0] ?? ''}`,
    details: {
      email: customer.email,
      lines: lines.slice(1),
      ids: [],
      remedy: { label: 'Prove the ledger', line: `credits audit ${customer.email}` },
    },
  };
}
