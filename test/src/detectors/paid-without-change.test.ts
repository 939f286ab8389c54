import { expect, test } from 'vitest';
import { sofia } from '#test/world/billing-world.ts';
import { detectorWorld, dropWrites } from '#test/world/detector-world.ts';
import { events, stripeDown } from '#test/world/stripe-truth.ts';

const told = [
  '#billing-engineering: Stripe reports a payment of sofia@firm.com, and no entitlement change followed, nor a reason for none.',
];

test('a handler that writes no change is told to billing engineering within five minutes, once', async () => {
  const world = await detectorWorld();
  const { truth, receive, drain, database, watch, lucy } = world;
  const mend = [
    await dropWrites(database, 'entitlement_changes', 'insert'),
    await dropWrites(database, 'entitlements', 'update'),
  ];
  await receive(events.invoice('paid', truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id)));
  await drain();
  expect((await world.show(sofia.email)).tier).toBe('free');

  await watch(5);
  expect(await world.told()).toEqual(told);
  await watch(5);
  expect(await world.told()).toEqual(told);
  const [row] = await database.knex('outbox').where({ target: '#billing-engineering' });
  expect(JSON.parse(row.payload)).toMatchObject({
    mentions: { groups: ['S0BILLENG01'] },
    buttons: [
      { label: 'Diagnose', line: 'customer diagnose sofia@firm.com' },
      { label: 'Replay the event', line: expect.stringMatching(/^webhook replay evt_/) },
    ],
  });

  for (const undo of mend) await undo();
  const { line } = JSON.parse(row.payload).buttons[1];
  await lucy(`${line} --reason "the handler is back" --yes`);
  await drain();
  await watch(1);
  expect(await world.open()).toEqual([]);
  expect((await world.told()).at(-1)).toBe(
    '#billing-engineering: Well again: Stripe reports a payment of sofia@firm.com, and no entitlement change followed, nor a reason for none.',
  );
  expect((await world.show(sofia.email)).tier).toBe('pro');
});

test('an event of money that a new release does not handle any more is told', async () => {
  const world = await detectorWorld();
  const { truth, receive, drain, database, watch } = world;
  await receive(events.subscription('created', truth.subscribe(sofia.stripe, 'price_B')));
  await drain();
  const invoice = truth.payInvoice('sub_1');
  await receive(events.invoice('paid', invoice, 'evt_dropped'));
  // As intake stores a type that its table does not have.
  await database
    .knex('stripe_events')
    .where({ id: 'evt_dropped' })
    .update({ status: 'ignored', next_attempt_at: world.clock.now() });

  await watch(5);
  expect(await world.told()).toEqual(told);
});

test('an event that no worker will ever look at is told', async () => {
  const world = await detectorWorld();
  const { truth, receive, drain, database, watch } = world;
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  await drain();
  const mend = await dropWrites(database, 'customer_sync', 'insert');
  await database.knex('customer_sync').update({ synced_seq: database.knex.ref('dirty_seq') });
  await receive(events.invoice('paid', truth.payInvoice(subscription.id)));
  await mend();
  await database.knex('customer_sync').update({ synced_seq: database.knex.ref('dirty_seq') });

  await watch(5);
  expect(await world.told()).toEqual(told);
});

test('nobody is accused whose pass is in the queue, nor while Stripe is away, nor when nothing had to change', async () => {
  const world = await detectorWorld();
  const { truth, receive, drain, watch } = world;
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  await receive(events.invoice('paid', truth.payInvoice(subscription.id)));
  await watch(10);
  truth.onCall = stripeDown;
  for (let minute = 0; minute < 10; minute++) {
    await drain();
    await watch(1);
  }
  truth.onCall = () => {};
  world.clock.advance(3_600_000);
  await drain();
  await watch(6);
  await receive(events.invoice('paid', truth.payInvoice(subscription.id)));
  await drain();
  await watch(6);

  expect(await world.open()).toEqual([]);
  expect(await world.told()).toEqual([]);
}, 60_000);
