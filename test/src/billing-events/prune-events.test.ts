import { expect, test } from 'vitest';
import { listPrunableEvents } from '#db/stripe-event-retention.ts';
import { pruneEvents } from '#src/billing-events/prune-events.ts';
import { prunedPayload } from '#src/billing-events/pruned-payload.ts';
import { readHint } from '#src/billing-events/read-event.ts';
import { type BillingWorld, billingWorld, sofia } from '#test/world/billing-world.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { events } from '#test/world/stripe-truth.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';

const DAY_MS = 86_400_000;

const prune = async (world: BillingWorld) => {
  while ((await pruneEvents(world.deps)) > 0);
};

async function paid(world: BillingWorld) {
  const invoice = world.truth.payInvoice(world.truth.subscribe(sofia.stripe, 'price_B').id);
  const event = events.invoice('paid', invoice, 'evt_paid');
  const told = { ...event, data: { object: { ...event.data.object, customer_email: sofia.email } } };
  await world.receive(told);
  await world.drain();
  return told;
}

test('after ninety days an event is only its ids, a duplicate is still known, and a replay still works', async () => {
  const world = await billingWorld();
  const event = await paid(world);
  const before = await world.database.knex('stripe_events').first();

  world.clock.advance(90 * DAY_MS);
  await prune(world);
  expect((await world.database.knex('stripe_events').first()).payload).toContain(sofia.email);
  world.clock.advance(1);
  await prune(world);

  const after = await world.database.knex('stripe_events').first();
  expect(after).toMatchObject({
    id: 'evt_paid',
    status: 'done',
    payload_sha256: before.payload_sha256,
    pruned_at: world.clock.now(),
  });
  expect(after.payload).not.toContain(sofia.email);
  expect((await world.lucy('webhook show evt_paid')).out).toContain('Thrown away for its age');

  await world.receive(event);
  await world.drain();
  expect((await world.show(sofia.email)).credits.balance).toBe(500);
  expect(await world.database.knex('stripe_events')).toMatchObject([{ status: 'done', delivery_count: 2 }]);

  const replayed = await world.lucy('webhook replay evt_paid --reason "again" --yes');
  expect(replayed.code).toBe(0);
  await world.drain();
  expect(await world.database.knex('stripe_events')).toMatchObject([{ status: 'done', error: null }]);
  expect((await world.show(sofia.email)).credits.balance).toBe(500);
});

test('after four hundred days the row goes, and after thirty an answer to the product', async () => {
  const world = await billingWorld();
  await paid(world);
  const request = {
    scope: 'key',
    key: 'k1',
    fingerprint: 'f',
    status: 200,
    answer: '{}',
    at: world.clock.now(),
  };
  await world.database.knex('api_requests').insert(request);

  world.clock.advance(30 * DAY_MS);
  await prune(world);
  expect(await world.database.knex('api_requests')).toHaveLength(1);
  world.clock.advance(1);
  await prune(world);
  expect(await world.database.knex('api_requests')).toEqual([]);

  world.clock.advance(370 * DAY_MS - 1);
  await prune(world);
  expect(await world.database.knex('stripe_events')).toHaveLength(1);
  world.clock.advance(1);
  await prune(world);
  expect(await world.database.knex('stripe_events')).toEqual([]);
});

test('what waits for somebody, and what is under legal hold, is kept whole', async () => {
  const world = await billingWorld();
  await paid(world);
  await world.receive(stripeEvent('customer.updated', { id: 'cus_nobody', object: 'customer' }, 'evt_waits'));
  await world.drain();
  const [customer] = await world.database.knex('customers');
  await world.database.knex('evidence_bundles').insert({
    id: 'evb_1',
    customer_id: customer.id,
    cause: 'fraud',
    manifest: '{}',
    sha256: 'x',
    legal_hold: 1,
    actor: 'terminal:ada',
    correlation_id: 'cor_1',
    created_at: world.clock.now(),
  });
  const before = await world.database.knex('stripe_events').orderBy('id').select('id', 'payload');

  world.clock.advance(500 * DAY_MS);
  await prune(world);

  expect(await world.database.knex('stripe_events').orderBy('id').select('id', 'payload')).toEqual(before);
});

test('what is kept are ids and our own name of the customer, never an email', () => {
  const payload = (object: object) =>
    JSON.stringify(stripeEvent('checkout.session.completed', { ...object }));
  const whole = payload({
    id: 'cs_1',
    object: 'checkout.session',
    customer: { id: 'cus_1', email: 'a@b.c' },
    payment_intent: 'pi_1',
    client_reference_id: 'cust_1',
    metadata: { lucy_customer: 'a@b.c', other: 'secret' },
    customer_details: { name: 'Sofia', address: 'Street 1' },
  });

  const kept = prunedPayload(whole);

  expect(kept).not.toMatch(/a@b\.c|secret|Sofia|Street/);
  expect(readHint(kept)).toMatchObject({
    objectId: 'cs_1',
    paymentIntentId: 'pi_1',
    clientReferenceId: 'cust_1',
    metadataCustomer: null,
  });
  expect(prunedPayload(payload({ id: 'cs_1', client_reference_id: 'a@b.c' }))).not.toContain('a@b.c');
  expect(prunedPayload('{"no":"event"}')).toBe('{}');
});

test('what ended after younger ones had been thrown away goes, too', async () => {
  const world = await billingWorld();
  const late = await paid(world);
  world.clock.advance(1_000);
  await world.receive({ ...late, id: 'evt_younger' });
  await world.drain();
  // It waits for somebody when its day comes.
  await world.database.knex('stripe_events').where({ id: 'evt_paid' }).update({ status: 'dead' });
  world.clock.advance(91 * DAY_MS);
  await prune(world);
  const payloadOf = async (id: string) =>
    (await world.database.knex('stripe_events').where({ id }).first()).payload;
  expect(await payloadOf('evt_paid')).toContain(sofia.email);
  expect(await payloadOf('evt_younger')).not.toContain(sofia.email);

  await world.database.knex('stripe_events').where({ id: 'evt_paid' }).update({ status: 'done' });
  await prune(world);

  expect(await payloadOf('evt_paid')).not.toContain(sofia.email);
});

test.runIf(testEngine === 'sqlite')(
  'what was thrown away, and what waits, is not read through again',
  async () => {
    const { knex } = (await billingWorld()).database;
    const asked: [string, readonly unknown[]][] = [];
    knex.on('query', ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }) => {
      if (sql.startsWith('select')) asked.push([sql, bindings]);
    });
    await listPrunableEvents(knex, Date.UTC(2026, 0, 1), 100);
    knex.removeAllListeners('query');

    const [[sql, bindings] = ['', []]] = asked;
    const plan: { detail: string }[] = await knex.raw(`explain query plan ${sql}`, bindings as string[]);
    expect(plan.map(({ detail }) => detail).join('\n')).toContain('stripe_events_unpruned');
  },
);
