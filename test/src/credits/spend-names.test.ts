import { expect, test } from 'vitest';
import { putLink } from '#db/customer-links.ts';
import { insertCustomerIfNew } from '#db/customers.ts';
import { type CustomerName, insertProductId } from '#db/product-customers.ts';
import { newId } from '#src/core/ids.ts';
import { proveLedger } from '#src/credits/prove.ts';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { ledgerWorld } from '#test/world/ledger-world.ts';
import { sharedSpend } from '#test/world/shared-spends.ts';
import { testCause } from '#test/world/test-cause.ts';
import { testStart } from '#test/world/test-clock.ts';

test('in one batch a customer is one customer under each of their names, and a stranger is nobody', async () => {
  const { database, customerId, grant } = await ledgerWorld();
  const maxId = newId('cust', testStart);
  const max = { id: maxId, email: 'max@firm.com', name: null, email_verified_at: null };
  await insertCustomerIfNew(database.knex, { ...max, created_at: testStart });
  await grant(5);
  await grant(5, { customerId: maxId });
  for (const [id, mark] of [
    [customerId, 'sofia'],
    [maxId, 'max'],
  ] as const) {
    await insertProductId(database.knex, {
      product_id: `user "${mark}"`,
      customer_id: id,
      created_at: testStart,
    });
    await link(`cus_${mark}`, id, 'active');
  }
  await link('cus_before', customerId, 'removed');
  const names: CustomerName[] = [
    { email: 'sofia@firm.com' },
    { id: maxId },
    { stripe: 'cus_sofia' },
    { email: 'nobody@firm.com' },
    { productId: 'user "sofia"' },
    { stripe: 'cus_before' },
    { id: customerId },
    { productId: 'user "max"' },
    { id: 'sofia@firm.com' },
    { email: 'sofia@firm.com' },
    { id: customerId },
  ];
  const together = createSpendTogether(database);

  const ends = await Promise.all(
    names.map((who, index) => together({ ...sharedSpend(customerId, `key-${index}`, 1), who })),
  );

  expect(ends.map((end) => (end.kind === 'spent' ? end.entry.balance_after : end.kind))).toEqual([
    ...[4, 4, 3, 'not plain', 2, 'not plain', 1, 3, 'not plain', 0, 'refused'],
  ]);
  expect(await proveLedger(database.knex, testCause())).toBe(0);

  async function link(stripe: string, id: string, status: 'active' | 'removed') {
    const link = { stripe_customer_id: stripe, customer_id: id, proof: 'staff', status } as const;
    await putLink(database.knex, { ...link, actor: 'staff:bea', created_at: testStart });
  }
});
