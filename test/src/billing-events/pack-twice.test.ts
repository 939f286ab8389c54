import { expect, test } from 'vitest';
import type { FetchedInvoice, FetchedSession } from '#src/gateways/stripe.ts';
import { type BillingWorld, billingWorld, sofia } from '#test/world/billing-world.ts';
import { events } from '#test/world/stripe-truth.ts';

/** A pack of 100 credits, bought by a checkout session that makes an invoice only after it was paid. */
async function packBought() {
  const world = await billingWorld();
  const item = { priceId: 'price_pack', lookupKey: 'credits_pack_100', productId: null, quantity: 1 };
  const session: FetchedSession = {
    id: 'cs_1',
    mode: 'payment',
    paymentStatus: 'paid',
    stripeCustomerId: sofia.stripe,
    clientReferenceId: null,
    paymentIntentId: 'pi_pack',
    invoiceId: null,
    currency: 'usd',
    amountTotal: 900,
    createdAt: world.clock.now(),
    lineItems: [item],
  };
  world.truth.sessions.set(session.id, session);
  const makeInvoice = (status = 'paid'): FetchedInvoice => {
    const invoice: FetchedInvoice = {
      id: 'in_pack',
      status,
      billingReason: 'manual',
      stripeCustomerId: sofia.stripe,
      subscriptionId: null,
      currency: 'usd',
      amountPaid: status === 'paid' ? 900 : 0,
      createdAt: world.clock.now(),
      paidAt: status === 'paid' ? world.clock.now() : null,
      attemptCount: 1,
      paymentIntentId: 'pi_pack',
      chargeId: 'ch_pack',
      lines: [
        {
          ...item,
          id: 'il_pack',
          amount: 900,
          isProration: false,
          subscriptionId: null,
          periodStart: null,
          periodEnd: null,
        },
      ],
    };
    world.truth.invoices.set(invoice.id, invoice);
    session.invoiceId = invoice.id;
    return invoice;
  };
  const completed = (id?: string) => ({
    ...events.session(session, id),
    created: Math.ceil(world.clock.now() / 1000),
  });
  return { ...world, session, makeInvoice, completed };
}

const balance = async (world: BillingWorld) => (await world.show(sofia.email)).credits.balance;

test('a pack whose invoice is made after the session was read brings its credits once', async () => {
  const world = await packBought();
  await world.receive(world.completed());
  await world.drain();
  expect(await balance(world)).toBe(100);

  await world.receive(events.invoice('paid', world.makeInvoice()));
  await world.drain();
  await world.receive(world.completed('evt_again'));
  await world.drain();

  expect(await balance(world)).toBe(100);
  expect(await world.database.knex('credit_entries')).toHaveLength(1);
});

test('the other way round: the invoice first, and then a session that was read before', async () => {
  const world = await packBought();
  await world.receive(events.invoice('paid', world.makeInvoice()));
  await world.drain();
  world.session.invoiceId = null;

  await world.receive(world.completed());
  await world.drain();

  expect(await balance(world)).toBe(100);
});

test('a refund takes back what the pack brought, once, whichever id it was booked under', async () => {
  const world = await packBought();
  await world.receive(world.completed());
  await world.drain();
  await world.receive(events.invoice('paid', world.makeInvoice()));
  await world.drain();

  world.truth.refund('pi_pack', 900);
  await world.receive(events.refund('created', 'pi_pack', sofia.stripe));
  await world.drain();

  expect(await balance(world)).toBe(0);
  expect(await world.database.knex('payments')).toMatchObject([
    { id: 'pi_pack', credits_granted: 100, credits_reversed: 100 },
  ]);
});

test('an invoice that is made, but not marked as paid yet, takes nothing away', async () => {
  const world = await packBought();
  await world.receive(world.completed());
  await world.drain();

  await world.receive(events.invoice('overdue', world.makeInvoice('open')));
  await world.drain();

  expect(await balance(world)).toBe(100);
});
