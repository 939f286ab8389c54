import { expect, test } from 'vitest';
import { type RefundWorld, refundWorld } from '#test/world/refund-world.ts';

const DAY_MS = 86_400_000;

async function credits(world: RefundWorld) {
  const typed = await world.as('bea', 'credits show sofia@firm.com --json');
  const { balance, spendable, frozen, debt } = typed.json<Record<string, number>>();
  return { balance, spendable, frozen, debt };
}

/** Sofia has 500 credits of pro that lapse with her period; half of the payment was refunded. */
async function halfRefunded() {
  const world = await refundWorld({ creditsExpire: 'period_end' });
  const { charge } = world.subscribed();
  await world.booked();
  const refund = world.stripe.world.refund(charge.id, 2_450);
  await world.booked();
  expect(await credits(world)).toEqual({ balance: 250, spendable: 250, frozen: 0, debt: 0 });
  const periodEnds = async () => {
    const [lot] = await world.database.knex('credit_lots').select('expires_at');
    world.clock.set(lot.expires_at + DAY_MS);
  };
  return { ...world, charge, refund, periodEnds };
}

async function expectToAddUp(world: RefundWorld): Promise<void> {
  const audited = await world.as('bea', 'credits audit sofia@firm.com');
  expect(audited.code, audited.out).toBe(0);
}

test('a refund fails while the credits are frozen and past their end: all of them come back when the dispute is won', async () => {
  const world = await halfRefunded();
  const dispute = world.stripe.world.openDispute(world.charge.id, { amount: 2_450 });
  await world.booked();
  await world.periodEnds();

  world.stripe.world.failRefund(world.refund.id);
  await world.booked();
  expect(await credits(world)).toEqual({ balance: 500, spendable: 0, frozen: 500, debt: 0 });
  world.stripe.world.closeDispute(dispute.id, 'won');
  await world.booked();

  expect(await credits(world)).toEqual({ balance: 500, spendable: 500, frozen: 0, debt: 0 });
  await expectToAddUp(world);
});

test('a refund fails after the credits lapsed, and then all is refunded: nothing was spent, so nothing is owed', async () => {
  const world = await halfRefunded();
  await world.periodEnds();

  world.stripe.world.failRefund(world.refund.id);
  await world.booked();
  expect(await credits(world)).toEqual({ balance: 0, spendable: 0, frozen: 0, debt: 0 });
  world.stripe.world.refund(world.charge.id, 4_900);
  await world.booked();

  expect(await credits(world)).toEqual({ balance: 0, spendable: 0, frozen: 0, debt: 0 });
  await expectToAddUp(world);
});

test('refunded and failed again and again after the end, it never comes to more than lapsed', async () => {
  const world = await halfRefunded();
  await world.periodEnds();

  for (const amount of [2_450, 1_000, 2_450]) {
    const { id } = world.stripe.world.refund(world.charge.id, amount);
    await world.booked();
    world.stripe.world.failRefund(id);
    await world.booked();
    expect(await credits(world)).toEqual({ balance: 0, spendable: 0, frozen: 0, debt: 0 });
  }
  await expectToAddUp(world);
});

test('a spend that is taken back pays off what its refunded payment is owed, before any of it can be spent', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();
  await world.booked();
  await world.as('bea', 'credits consume sofia@firm.com 100 --reason "a call"');
  const refund = world.stripe.world.refund(charge.id, 4_900);
  await world.booked();
  expect(await credits(world)).toMatchObject({ balance: 0, debt: 100 });
  const [spend] = await world.database.knex('credit_entries').where({ type: 'spend' });

  const line = `credits reverse ${spend.id} --reason "the call failed"`;
  const preview = await world.as('bea', `${line} --dry-run`);
  const typed = await world.as('bea', line);

  expect(preview.out).toContain('Credits: 0 → 0');
  expect(preview.out).toMatch(/Pays off +100 credits that were owed/);
  expect(typed.out).toMatch(/Paid off +100 credits that were owed/);
  expect(await credits(world)).toEqual({ balance: 0, spendable: 0, frozen: 0, debt: 0 });
  await expectToAddUp(world);

  world.stripe.world.failRefund(refund.id);
  await world.booked();
  expect(await credits(world)).toMatchObject({ balance: 500, spendable: 500, debt: 0 });
  await expectToAddUp(world);
});

test('of a half refunded payment only what is owed is paid off; the rest of the spend comes back', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();
  await world.booked();
  await world.as('bea', 'credits consume sofia@firm.com 400 --reason "a call"');
  world.stripe.world.refund(charge.id, 2_450);
  await world.booked();
  expect(await credits(world)).toMatchObject({ balance: 0, debt: 150 });
  const [spend] = await world.database.knex('credit_entries').where({ type: 'spend' });

  const typed = await world.as('bea', `credits reverse ${spend.id} --reason "the call failed"`);

  expect(typed.code, typed.err).toBe(0);
  expect(typed.out).toContain('Credits: 0 → 250');
  expect(await credits(world)).toMatchObject({ balance: 250, spendable: 250, debt: 0 });
  await expectToAddUp(world);
  const undone = await world.as('bea', `undo ${/run_\w+/.exec(typed.out)?.[0]} --reason "it did not fail"`);
  expect(undone.code, undone.err).toBe(0);
  expect(await credits(world)).toMatchObject({ balance: 0, debt: 0 });
});
