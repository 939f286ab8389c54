import { expect, test } from 'vitest';
import { explainDecline, knownDeclineCodes } from '#src/payments/decline-codes.ts';
import { dunningWorld } from '#test/world/dunning-world.ts';
import { sofiaAtStripe } from '#test/world/refund-world.ts';

test('a paid one: the invoice and its payment intent, in words', async () => {
  const world = await dunningWorld();

  const { out, code } = await world.as('sam', 'payment show sofia@firm.com');
  expect(code).toBe(0);
  expect(out).toMatch(/^Invoice \S+ of sofia@firm\.com over \$49\.00 is paid\./);
  expect(out).toContain('Succeeded.');
  expect(out).not.toContain('Why it failed');
});

test('a declined one: why, when Stripe tries again, until when there is grace, and what to ask for', async () => {
  const world = await dunningWorld();
  await world.fails();
  await world.post();

  const { out } = await world.as('sam', 'payment show sofia@firm.com');
  expect(out).toContain('is open: it is not paid yet');
  expect(out).toContain('There is not enough money on the card’s account.');
  expect(out).toMatch(/In Stripe’s words\s+insufficient_funds/);
  expect(out).toMatch(/Next try\s+20\d\d-/);
  expect(out).toMatch(/Grace until\s+20\d\d-/);
  expect(out).toContain('The customer should see that the account has enough money');
  expect(out).toMatch(/start\s+│?\s*sent/);
});

test('none left, and a card that was reported stolen: said to staff, with what not to say', async () => {
  const world = await dunningWorld();
  await world.fails({
    decline: { code: 'card_declined', declineCode: 'stolen_card', message: 'Your card was declined.' },
    last: true,
  });

  const { out } = await world.as('sam', 'payment show sofia@firm.com');
  expect(out).toContain('None left: Stripe will not try again by itself.');
  expect(out).toContain('The card was reported stolen.');
  expect(out).toContain('Tell the customer only that the card was declined');
});

test('by invoice, payment intent and charge: the same payment', async () => {
  const world = await dunningWorld();
  const invoice = await world.fails();
  const shown = async (id: string) =>
    (await world.as('sam', `payment show ${id} --json`)).json<{
      invoice: { id: string };
      paymentIntent: { id: string };
    }>();
  const { paymentIntent } = await shown(invoice);
  const charge = world.stripe.world.tables.charges
    .newestFirst()
    .find((one) => one.payment_intent === paymentIntent.id);

  expect((await shown(paymentIntent.id)).invoice.id).toBe(invoice);
  expect((await shown(charge?.id ?? '')).invoice.id).toBe(invoice);
});

test('a payment of nobody whom we know is shown, and said so', async () => {
  const world = await dunningWorld();
  world.stripe.world.createCustomer({ id: 'cus_stranger', email: 'x@stranger.example', name: 'X' });
  const charge = world.paid(500, { customer: 'cus_stranger' });

  const { out } = await world.as('sam', `payment show ${charge.id}`);
  expect(out).toContain('linked to none of our customers');
});

test.each([
  ['in_nothing', 'Stripe knows no payment in_nothing.'],
  ['ch_nothing', 'Stripe knows no payment ch_nothing.'],
  ['nobody@firm.com', 'There is no customer nobody@firm.com.'],
  ['zzz', 'There is no customer zzz.'],
])('%s is not found', async (named, message) => {
  const world = await dunningWorld();
  const typed = await world.as('sam', `payment show ${named}`);

  expect(typed.code).toBe(5);
  expect(typed.err).toContain(message);
});

test('Stripe away, or no key: said as what it is', async () => {
  const world = await dunningWorld();
  world.stripe.faults.down(true);
  expect((await world.as('sam', 'payment show sofia@firm.com')).err).toContain('Stripe does not answer now');

  world.runner.stripe = null;
  expect((await world.as('sam', 'payment show sofia@firm.com')).err).toContain('STRIPE_SECRET_KEY');
});

test('a sent invoice, and a customer deleted at Stripe', async () => {
  const world = await dunningWorld();
  await world.database
    .knex('customer_links')
    .where({ stripe_customer_id: sofiaAtStripe })
    .update({ status: 'deleted_at_stripe' });

  expect((await world.as('sam', 'payment show sofia@firm.com')).err).toContain(
    'linked to no Stripe customer',
  );
});

test('every decline of Stripe’s list has its sentence, and an unknown one is named', () => {
  expect(knownDeclineCodes.length).toBe(50);
  expect(new Set(knownDeclineCodes).size).toBe(knownDeclineCodes.length);
  for (const code of knownDeclineCodes) {
    const decline = explainDecline({ code: 'card_declined', declineCode: code });
    expect(decline?.why, code).toMatch(/^[A-Z].*\.$/);
    expect(decline?.ask, code).toMatch(/^[a-z][^.]*$/);
  }
  expect(explainDecline({ code: 'expired_card', declineCode: null })?.why).toBe('The card has expired.');
  expect(explainDecline({ code: null, declineCode: 'brand_new' })?.why).toContain('brand_new');
  expect(explainDecline({ code: null, declineCode: null })).toBeNull();
});
