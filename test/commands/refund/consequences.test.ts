import { expect, test } from 'vitest';
import { DAY_MS } from '#src/core/clock.ts';
import { refundWorld } from '#test/world/refund-world.ts';

test('the preview says how many credits go back, in proportion to what is refunded', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();
  await world.booked();

  expect((await world.preview(charge.id)).out).toContain(
    'Takes back up to 500 of the 500 credits that this payment brought.',
  );
  expect((await world.preview(`${charge.id} 24.50`)).out).toContain(
    'Takes back up to 250 of the 500 credits that this payment brought.',
  );
});

test('what is used up already becomes debt, and the warning says how much', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();
  await world.booked();
  await world.as('ada', 'credits consume sofia@firm.com 262 --reason "used"');

  const { out } = await world.preview(`${charge.id} 24.50`);

  expect(out).toContain(
    'Takes back up to 250 of the 500 credits that this payment brought; 12 of them are used up',
  );
  expect(out).toContain(
    '12 credits of the 250 that go back are used up already; they become debt, and a finding.',
  );
});

test('the preview says what then happens: refunded at Stripe and booked, the credits are as it said', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();
  await world.booked();
  await world.as('ada', 'credits consume sofia@firm.com 262 --reason "used"');
  expect((await world.preview(`${charge.id} 24.50`)).out).toContain('12 of them are used up and become debt');

  world.stripe.world.refund(charge.id, 2_450);
  await world.booked();

  const { credits } = (await world.as('ada', 'customer show sofia@firm.com --json')).json<{
    credits: unknown;
  }>();
  expect(credits).toMatchObject({ balance: 0, debt: 12 });
  // The rest of the payment brings the rest of its credits back, and no more.
  expect((await world.preview(charge.id)).out).toContain('Takes back up to 250 of the 500 credits');
});

test('what lapsed unspent is gone and nobody owes it: only what was used becomes debt', async () => {
  const world = await refundWorld({ creditsExpire: 'period_end' });
  const { charge } = world.subscribed();
  await world.booked();
  await world.as('ada', 'credits consume sofia@firm.com 100 --reason "used"');
  const says = async () => (await world.preview(charge.id)).out;
  expect(await says()).toContain('100 of them are used up and become debt');

  world.clock.advance(40 * DAY_MS);
  expect(await says()).toContain('100 of them are used up and become debt');
  await world.booked();
  expect(await says()).toContain('100 of them are used up and become debt');

  world.stripe.world.refund(charge.id);
  await world.booked();
  const shown = await world.as('ada', 'customer show sofia@firm.com --json');
  expect(shown.json<{ credits: unknown }>().credits).toMatchObject({ balance: 0, debt: 100 });
});

test('a refund that is pending is counted before it is booked', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();
  await world.booked();
  world.stripe.world.refund(charge.id, 2_450, { pending: true });

  expect((await world.preview(charge.id)).out).toContain('Takes back up to 500 of the 500 credits');
});

test('credits that staff took back already do not go back twice', async () => {
  const world = await refundWorld();
  const { charge } = world.subscribed();
  await world.booked();
  const [entry] = await world.database.knex('credit_entries').select('id');
  await world.as('ada', `credits reverse ${entry.id} --reason "granted by mistake"`);

  expect((await world.preview(charge.id)).out).toContain(
    'All stay of the 500 credits that this payment brought',
  );
});

test('a payment that brought no credits takes none', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  await world.booked();

  expect((await world.preview(id)).out).toContain('This payment brought none; all stay.');
});

test('other refunds of the same customer are named, so that nobody pays in small pieces unseen', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);
  const others = [2, 3, 4, 5].map((daysAgo) => world.paid(1_900, { daysAgo }));
  for (const other of others) world.stripe.world.refund(other.id, 500);

  const { out } = await world.preview(id);

  expect(out).toContain(
    `Other payments of this customer were refunded before: $5.00 of ${others[0]?.id}, $5.00 of ${others[1]?.id}, $5.00 of ${others[2]?.id} and 1 more.`,
  );
});

test('an old payment may come back from the bank', async () => {
  const world = await refundWorld();
  const young = world.paid(4_900, { daysAgo: 180 });
  const old = world.paid(4_900, { daysAgo: 181 });

  expect((await world.preview(young.id)).out).not.toContain('days old');
  expect((await world.preview(old.id)).out).toContain('This payment is 181 days old.');
});

test('“fraudulent” blocks card and email, which is said before; other reasons are not warned of', async () => {
  const world = await refundWorld();
  const { id } = world.paid(4_900);

  const fraud = await world.preview(`${id} --stripe-reason fraudulent`);
  expect(fraud.out).toContain('With the reason “fraudulent” Stripe blocks this card and this email');
  expect((await world.preview(`${id} --stripe-reason duplicate`)).out).not.toContain('blocks');
  expect(await world.refused(`${id} --stripe-reason angry`)).toContain(
    'Choose one of requested_by_customer, duplicate, fraudulent.',
  );
});
