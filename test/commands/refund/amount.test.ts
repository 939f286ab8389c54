import { expect, test } from 'vitest';
import { refundWorld } from '#test/world/refund-world.ts';

test('a part is refunded, then a part of the rest, then the rest', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  expect((await world.preview(`${id} 20`)).out).toContain('Refunded: $0.00 of $49.00 → $20.00 of $49.00');
  world.stripe.world.refund(id, 2_000);
  expect((await world.preview(`${id} --amount 9.50`)).out).toContain(
    'Refunded: $20.00 of $49.00 → $29.50 of $49.00',
  );
  world.stripe.world.refund(id, 950);

  const rest = await world.preview(id);

  expect(rest.out).toContain('Refund $19.50 to sofia@firm.com?');
  expect(rest.out).toContain('Refunded: $29.50 of $49.00 → $49.00 of $49.00');
});

test('more than is left is refused, and the message says what is left and why', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  expect(await world.refused(`${id} 49.01`)).toContain('Only $49.00 of this payment can be refunded.');

  world.stripe.world.refund(id, 2_000);
  const told = await world.refused(`${id} 30`);
  expect(told).toContain('Only $29.00 of this payment can be refunded');
  expect(told).toContain('because $20.00 of $49.00 went back before');
  expect(told).toContain('Ask for at most $29.00');
});

test('a refund that is still pending is counted, and one that failed is not', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const pending = world.stripe.world.refund(id, 4_000, { pending: true });
  expect(await world.refused(`${id} 10`)).toContain('$40.00 of it still on the way');
  const rest = await world.preview(id);
  expect(rest.out).toContain('Refund $9.00 to sofia@firm.com?');
  expect(rest.out).toContain('A refund of $40.00 is still on its way back; it counts as refunded.');

  world.stripe.world.failRefund(pending.id);

  expect((await world.preview(id)).out).toContain('Refund $49.00 to sofia@firm.com?');
});

test('what went back whole cannot go back again', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const refund = world.stripe.world.refund(id, null, { pending: true });
  expect(await world.refused(id)).toContain('are refunded, or on their way back.');

  world.stripe.world.settleRefund(refund.id);

  expect(await world.refused(id)).toContain(`All $49.00 of ${id} are refunded already.`);
});

test.each([
  ['49,00', 2, 'is not an amount that Lucy can be sure of'],
  ['-1', 2, 'is not an amount that Lucy can be sure of'],
  ['0', 2, 'is not an amount that Lucy can be sure of'],
  ['all', 2, 'is not an amount that Lucy can be sure of'],
  ['49.999', 2, 'USD is refunded to 2 decimals at most.'],
  ['49eur', 2, 'This payment was made in USD, not in EUR.'],
  ['€49', 2, 'This payment was made in USD, not in EUR.'],
])('the amount %s is refused: exit %i, %s', async (amount, code, sentence) => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);

  const typed = await world.preview(`${id} --amount=${amount}`);

  expect(typed).toMatchObject({ code, out: '', err: expect.stringContaining(sentence) });
});

test.each(['20 usd', 'USD 20', '$20', '20.00'])('“%s” is twenty dollars', async (amount) => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);

  expect((await world.preview(`${id} "${amount}"`)).out).toContain('Refund $20.00 to sofia@firm.com?');
});

test('yen have no decimals, and are not counted as cents', async () => {
  const world = await refundWorld();
  const { id } = world.paid(5_000, { currency: 'jpy' });

  expect((await world.preview(`${id} 1,200`)).out).toContain('Refunded: ¥0 of ¥5,000 → ¥1,200 of ¥5,000');
  expect(await world.refused(`${id} 12.50`)).toContain('JPY has no decimals.');
  expect(await world.refused(`${id} 5001`)).toContain('Only ¥5,000 of this payment');
});

test('a payment that was tried in vain, is on its way, or only authorised is not refunded', async () => {
  const world = await refundWorld();
  const charge = world.paid(4_900);

  Object.assign(charge, { status: 'failed', paid: false });
  expect(await world.refused(charge.id)).toContain(`${charge.id} failed: nobody paid it.`);

  Object.assign(charge, { status: 'pending' });
  expect(await world.refused(charge.id)).toContain('is still on its way (pending)');

  Object.assign(charge, { status: 'succeeded', paid: true, captured: false, amount_captured: 0 });
  const told = await world.refused(charge.id);
  expect(told).toContain('is authorised and not captured');
  expect(told).toContain('Cancel its payment intent in Stripe’s dashboard');
});

test('of a payment that was captured in part, only that part can go back', async () => {
  const world = await refundWorld();
  const charge = world.paid(4_900);
  // What was not captured was released, which Stripe counts as refunded.
  Object.assign(charge, { amount_captured: 3_000, amount_refunded: 1_900 });

  expect((await world.preview(charge.id)).out).toContain('Refund $30.00 to sofia@firm.com?');
});

test('a wrong amount is told before Stripe is asked anything', async () => {
  const world = await refundWorld();
  const before = world.stripe.requests.length;

  await world.refused('sofia@firm.com 49,00');

  expect(world.stripe.requests.length).toBe(before);
});
