import { openDatabase } from '../db/connection.ts';
import { migrate } from '../db/migrate.ts';
import { seedCustomers } from './ledger-lucy.ts';
import { emailOf } from './soak-traffic.ts';

/** Customers with credits, each linked to the Stripe customer of the same number. */
export async function fillForSoak(url: string, customers: number): Promise<void> {
  const database = openDatabase(url);
  try {
    await migrate(database);
    const ids = await seedCustomers(database, customers, 0, (number) => emailOf(number));
    const now = Date.now();
    const links = ids.map((id, number) => ({
      stripe_customer_id: `cus_${number}`,
      customer_id: id,
      proof: 'created_by_us',
      status: 'active',
      actor: 'bench',
      created_at: now,
    }));
    for (let from = 0; from < links.length; from += 500)
      await database.knex('customer_links').insert(links.slice(from, from + 500));
  } finally {
    await database.close();
  }
}
