import { claimRequest, keepAnswer } from '../db/api-requests.ts';
import type { Database, Sql } from '../db/connection.ts';
import type { CreditEntryRow } from '../db/credit-entries.ts';
import { inTransaction } from '../db/transaction.ts';
import { recordAudit } from '../src/audit/record.ts';
import type { Actor } from '../src/core/actor.ts';
import type { Cause } from '../src/core/cause.ts';
import { newCorrelationId } from '../src/core/correlation.ts';
import { fingerprint } from '../src/core/fingerprint.ts';
import { newId } from '../src/core/ids.ts';
import type { SharedSpend } from '../src/credits/decide-spends.ts';
import { grantCredits } from '../src/credits/grant.ts';
import { spendCredits } from '../src/credits/spend.ts';

const actor: Actor = {
  kind: 'api',
  id: 'api:product',
  name: 'product',
  person: 'api:product',
  roles: [],
  refusal: null,
};

export function benchCause(): Cause {
  const now = Date.now();
  const correlationId = newCorrelationId(now);
  return { actor, surface: 'api', correlationId, reason: 'Used', ticket: null, runId: null, now };
}

/** Customers with credits for ever, and after them some who have one. */
export async function seedCustomers(
  database: Database,
  rich: number,
  poor: number,
  emailOf = (_number: number, id: string) => `${id}@firm.com`,
): Promise<string[]> {
  const ids = Array.from({ length: rich + poor }, () => newId('cust', Date.now()));
  await inTransaction(database, async (sql: Sql) => {
    for (const [index, id] of ids.entries()) {
      await sql('customers').insert({ id, email: emailOf(index, id), created_at: Date.now() });
      await grantCredits(sql, benchCause(), {
        customerId: id,
        amount: index < rich ? 1_000_000_000 : 1,
        key: `bench:${id}`,
        sourceKind: 'staff',
        sourceId: id,
      });
    }
  });
  return ids;
}

/** What `POST /api/credits/consume` asks of the ledger for one credit, or for more than a poor customer has. */
export function spendOf(customerId: string, key: string, amount: number): SharedSpend {
  const cause = benchCause();
  return {
    cause,
    who: { id: customerId },
    amount,
    key: `api:${key}`,
    sourceKind: 'api',
    sourceId: key,
    request: { scope: 'caller', key, fingerprint: fingerprint(['POST', customerId, amount]) },
    tell: ({ email }, entry) => ({
      ...told(customerId, email, amount, entry),
      status: 200,
      usage: null,
    }),
  };
}

/** The same rows as a transaction of its own through knex. */
export async function spendAlone(database: Database, spend: SharedSpend): Promise<void> {
  const { cause, request } = spend;
  const customerId = (spend.who as { id: string }).id;
  await inTransaction(database, async (sql) => {
    if (!(await claimRequest(sql, { ...request, at: cause.now }))) return;
    const { entry } = await spendCredits(sql, cause, { ...spend, customerId });
    const { text, audit } = told(customerId, 'sofia@firm.com', spend.amount, entry);
    await recordAudit(sql, cause, audit);
    await keepAnswer(sql, request.scope, request.key, { status: 200, text });
  });
}

function told(customer: string, email: string, amount: number, entry: CreditEntryRow) {
  const balance = entry.balance_after;
  return {
    text: JSON.stringify({ entry: entry.id, customer, amount, balance, correlationId: entry.correlation_id }),
    audit: {
      command: 'credits consume',
      outcome: 'done' as const,
      customerId: customer,
      input: { customer: email, amount },
      before: { credits: balance + amount },
      after: { credits: balance, entry: entry.id },
    },
  };
}
