import { expect, test } from 'vitest';
import { type RefundWorld, refundWorld } from '#test/world/refund-world.ts';

const intentOf = (charge: { payment_intent: string | null }) => charge.payment_intent ?? '';

test('a charge, its payment intent and its invoice all name the same payment', async () => {
  const world = await refundWorld();
  const { charge, invoice, subscription } = world.subscribed();
  const names = [charge.id, intentOf(charge), invoice];

  for (const name of names) {
    const { code, out } = await world.preview(name);
    expect(code, name).toBe(0);
    expect(out).toContain('Refund $49.00 to sofia@firm.com?');
    expect(out).toContain('Refunded: $0.00 of $49.00 → $49.00 of $49.00');
    expect(out).toContain(charge.id);
    expect(out).toContain(invoice);
    expect(out).toContain('Visa ending in 4242');
    expect(out).toContain(`The subscription ${subscription} goes on`);
  }
});

test.each([
  ['ch_none', 5, 'Stripe knows no charge ch_none.'],
  ['py_none', 5, 'Stripe knows no charge py_none.'],
  ['pi_none', 5, 'Stripe knows no payment intent pi_none.'],
  ['in_none', 5, 'Stripe knows no invoice in_none.'],
  ['re_123', 2, 're_123 is a refund, not a payment.'],
  ['nobody@firm.com', 5, 'There is no customer nobody@firm.com.'],
  ['cus_none', 5, 'There is no customer cus_none.'],
  ['fortytwo', 5, 'There is no customer fortytwo.'],
])('%s is no payment: exit %i, with what to do', async (name, code, sentence) => {
  const world = await refundWorld();
  const typed = await world.preview(name);

  expect(typed).toMatchObject({ code, out: '', err: expect.stringContaining(sentence) });
  // The sentence, the hint, and the correlation id.
  expect(typed.err.trim().split('\n').length).toBeGreaterThanOrEqual(3);
});

test('an invoice that nobody paid, and one that was settled outside of Stripe, have nothing to refund', async () => {
  const world = await refundWorld();
  const { world: account } = world.stripe;
  const { latest_invoice: unpaid } = account.subscribe('cus_sofia', 'pro_monthly', { payNow: 'later' });
  expect(await world.refused(unpaid ?? '')).toContain(`Nobody paid ${unpaid} yet (open).`);

  const trial = account.subscribe('cus_sofia', 'pro_monthly', { trialDays: 7 });
  expect(account.invoice(trial.latest_invoice ?? '').status).toBe('paid');
  expect(await world.refused(trial.latest_invoice ?? '')).toContain(
    'settled without a payment through Stripe',
  );
});

test('a payment intent that was only tried is not paid', async () => {
  const world = await refundWorld();
  const { latest_invoice } = world.stripe.world.subscribe('cus_sofia', 'pro_monthly', { payNow: 'later' });
  const intent = world.stripe.world.paymentIntentOf(world.stripe.world.invoice(latest_invoice ?? ''));

  expect(await world.refused(intent?.id ?? '')).toContain('yet (requires payment method).');
});

test('the payment of a Stripe customer whom nobody linked is not refunded before somebody says whose it is', async () => {
  const world = await refundWorld();
  world.stripe.world.createCustomer({ id: 'cus_other', email: 'sofia@firm.com' });
  const charge = world.paid(4_900, { customer: 'cus_other' });

  const told = await world.refused(charge.id);
  expect(told).toContain(
    `${charge.id} was paid by cus_other, and Lucy does not know which customer that is.`,
  );
  expect(told).toContain('customer link EMAIL cus_other');

  await world.as('ada', 'customer link sofia@firm.com cus_other --reason "her second account"');
  expect((await world.preview(charge.id)).out).toContain('Refund $49.00 to sofia@firm.com?');
});

test('a payment with no Stripe customer behind it is nobody’s', async () => {
  const world = await refundWorld();
  const charge = world.paid(4_900);
  charge.customer = null;

  expect(await world.refused(charge.id)).toContain(`No Stripe customer is behind ${charge.id}`);
});

test('who pays outside of Stripe, or paid nothing, has nothing to refund', async () => {
  const world = await refundWorld();
  await world.as('ada', 'customer add accounts@manual.example --reason "pays by invoice"');

  expect(await world.refused('accounts@manual.example')).toContain('has no Stripe customer');
  expect(await world.refused('sofia@firm.com')).toContain('sofia@firm.com paid nothing through Stripe.');
});

test('a customer is always a choice, even of one payment; failed attempts are no payments', async () => {
  const world = await refundWorld();
  world.stripe.world.subscribe('cus_sofia', 'pro_monthly', { payNow: 'declined' });
  expect(await world.refused('sofia@firm.com')).toContain('paid nothing through Stripe');

  const charge = world.paid(1_900);
  for (const named of ['sofia@firm.com', 'cus_sofia']) {
    const told = await world.refused(named);
    expect(told).toContain('has 1 payment: which one is to be refunded?');
    expect(told).toContain(`lucy refund request ${charge.id}`);
  }
});

test('an invoice that two payments settled is a choice between them', async () => {
  const world = await refundWorld();
  const { charge, invoice } = world.subscribed();
  const other = world.paid(1_000);
  addPayment(world, invoice, intentOf(other));

  const told = await world.refused(invoice);
  expect(told).toContain(`${invoice} has 2 payments: which one is to be refunded?`);
  expect(told).toContain(charge.id);
  expect(told).toContain(other.id);
});

/** Since basil an invoice may be paid in parts. */
function addPayment({ stripe }: RefundWorld, invoice: string, intent: string): void {
  const { invoicePayments } = stripe.world.tables;
  const [first] = invoicePayments.of(invoice);
  if (!first) throw new Error('The invoice has no payment');
  const payment = { ...first.payment, payment_intent: intent };
  invoicePayments.add({ ...first, id: `${first.id}2`, is_default: false, payment });
}
