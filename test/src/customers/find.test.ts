import { expect, test } from 'vitest';
import { findCustomer, normalEmail } from '#src/customers/find.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { events } from '#test/world/stripe-truth.ts';

async function withPaidPro() {
  const world = await billingWorld({ customers: [sofia, { email: 'sofie@firm.com', stripe: 'cus_sofie' }] });
  const subscription = world.truth.subscribe(sofia.stripe, 'price_B');
  const invoice = world.truth.payInvoice(subscription.id);
  await world.receive(events.invoice('paid', invoice));
  await world.drain();
  return { ...world, subscription, invoice };
}

test('a customer is named by email, by our id, or by any Stripe id that leads to them', async () => {
  const { database, subscription, invoice } = await withPaidPro();
  const { id } = await findCustomer(database.knex, sofia.email);

  const names = [
    ' Sofia@Firm.com ',
    id,
    id.toUpperCase().replace('CUST_', 'cust_'),
    sofia.stripe,
    subscription.id,
    invoice.id,
    invoice.paymentIntentId ?? '',
  ];
  for (const name of names) expect((await findCustomer(database.knex, name)).id, name).toBe(id);
});

test('never a fuzzy match: near ones are only suggested', async () => {
  const { database } = await withPaidPro();

  await expect(findCustomer(database.knex, 'sofi@firm.com')).rejects.toMatchObject({
    code: 'not_found',
    hint: expect.stringContaining('Did you mean sofia@firm.com and sofie@firm.com?'),
  });
  await expect(findCustomer(database.knex, 'sofia')).rejects.toMatchObject({ code: 'not_found' });
  await expect(findCustomer(database.knex, 'sofia%@firm.com')).rejects.toMatchObject({ code: 'not_found' });
});

test('a Stripe object of nobody says how to link it', async () => {
  const { database } = await withPaidPro();

  await expect(findCustomer(database.knex, 'cus_nobody')).rejects.toMatchObject({
    hint: 'Link it to a customer first: customer link EMAIL cus_nobody',
  });
  await expect(findCustomer(database.knex, 'in_nobody')).rejects.toMatchObject({
    hint: 'Link it to a customer first: customer link EMAIL cus_…',
  });
});

test('an email is compared in lower case, without the spaces around it', () => {
  expect(normalEmail('  Sofia@FIRM.com ')).toBe('sofia@firm.com');
});
