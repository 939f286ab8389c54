import type { Knex } from 'knex';
import { lowestId } from '#src/core/ids.ts';
import type { Sql } from './connection.ts';
import { sharedCommands } from './shared-spends.ts';

export type IncidentImpact = {
  /** Customers whose events failed, or whom somebody had to help. */
  customers: number;
  grants: { count: number; credits: number };
  refunds: { currency: string; count: number; amount: number }[];
  failedEvents: number;
};

/**
 * What an incident cost, between two moments. Ids are the index over time: none is lower than the moment of its row, but
 * one may be higher, when a clock was set back.
 */
export async function readIncidentImpact(sql: Sql, from: number, to: number): Promise<IncidentImpact> {
  const helped: { customer_id: string }[] = await sql('audit_events')
    .where('id', '>=', lowestId('aud', from))
    .whereBetween('at', [from, to])
    .where({ outcome: 'done' })
    .whereNotNull('customer_id')
    .whereNot(isProductRunning)
    .distinct('customer_id');
  const failed = await sql('stripe_events')
    .whereBetween('received_at', [from, to])
    .where((query) => query.where('attempts', '>', 1).orWhere({ source: 'poll' }))
    .count({ total: '*' })
    .first();
  const granted = await sql('credit_entries')
    .where('id', '>=', lowestId('led', from))
    .whereBetween('at', [from, to])
    .where({ type: 'grant', source_kind: 'staff' })
    .count({ total: '*' })
    .sum({ credits: 'amount' })
    .first();
  return {
    customers: helped.length,
    grants: { count: Number(granted?.total ?? 0), credits: Number(granted?.credits ?? 0) },
    refunds: await readRefunds(sql, from, to),
    failedEvents: Number(failed?.total ?? 0),
  };
}

/**
 * What the product spent and held for a customer helped nobody. Spends that share an audit row name no customer there;
 * so those that came alone are not counted either, or the number would tell of the load (decision 0025).
 */
function isProductRunning(query: Knex.QueryBuilder): void {
  query
    .where({ surface: 'api' })
    .where((of) => of.whereIn('command', [...sharedCommands]).orWhere('command', 'like', 'credits hold%'));
}

async function readRefunds(sql: Sql, from: number, to: number): Promise<IncidentImpact['refunds']> {
  const rows: { params: string }[] = await sql('stripe_effects')
    .where('id', '>=', lowestId('eff', from))
    .whereBetween('created_at', [from, to])
    .where({ kind: 'refund', state: 'confirmed' })
    .select('params');
  const sums = new Map<string, { currency: string; count: number; amount: number }>();
  for (const { params } of rows) {
    const { currency, amount } = JSON.parse(params) as { currency: string; amount: number };
    const sum = sums.get(currency) ?? { currency, count: 0, amount: 0 };
    sums.set(currency, { currency, count: sum.count + 1, amount: sum.amount + amount });
  }
  return [...sums.values()];
}
