import type { Sql } from '#db/connection.ts';
import { benchNow, createdOf, mirroredItems } from './reconcile-subscription.ts';

/** So many customers with one subscription each, exactly as the pages will say: nothing is to be found. SQLite. */
export async function fillMirror(sql: Sql, count: number): Promise<void> {
  const numbers = 'with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ?)';
  const id = "printf('%08d', i)";
  const [newest, at] = [createdOf(0), benchNow - 3_600_000];
  const statements: [string, unknown[]][] = [
    [
      `insert into customers (id, email, created_at) ${numbers} select 'cust_' || ${id}, ${id} || '@firm.com', ? from n`,
      [count, at],
    ],
    [
      `insert into customer_links (stripe_customer_id, customer_id, proof, status, actor, created_at)
       ${numbers} select 'cus_' || ${id}, 'cust_' || ${id}, 'staff', 'active', 'bench', ? from n`,
      [count, at],
    ],
    [
      `insert into entitlements (customer_id, tier, access, source, source_ref, inputs_hash, version, updated_at)
       ${numbers} select 'cust_' || ${id}, 'pro', 'full', 'subscription', 'sub_' || ${id}, '', 1, ? from n`,
      [count, at],
    ],
    [
      `insert into subscriptions (id, mode, stripe_customer_id, status, items, latest_invoice_id, created_at, fetched_at)
       ${numbers} select 'sub_' || ${id}, 'test', 'cus_' || ${id}, 'active', ?, 'in_' || ${id}, (? - i) * 1000, ? from n`,
      [count, mirroredItems, newest, at],
    ],
    [
      `insert into payments (id, mode, stripe_customer_id, customer_id, status, amount_paid, paid_at, credits_granted, fetched_at)
       ${numbers} select 'in_' || ${id}, 'test', 'cus_' || ${id}, 'cust_' || ${id}, 'paid', 4900, ?, 500, ? from n`,
      [count, at, at],
    ],
  ];
  for (const [statement, bindings] of statements) await sql.raw(statement, bindings as never);
}
