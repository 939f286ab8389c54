import { expect, test } from 'vitest';
import { pollEvents } from '#src/billing-events/poll-events.ts';
import { readPollState } from '#src/billing-events/poll-state.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

test.each([
  ['fail', false],
  ['get lost without a trace', true],
])(
  'webhooks that %s for an hour: everything is right after the poll, and nothing happens twice',
  async (_how, untraced) => {
    const { stripe, clock, poll, work, show, inbox, told } = await recoveryWorld();
    await poll();
    stripe.loseWebhooks(true, { untraced });
    const subscription = stripe.world.subscribe('cus_sofia', 'starter_monthly');
    clock.advance(20 * MINUTE_MS);
    stripe.world.changePlan(subscription.id, 'pro_monthly');
    clock.advance(40 * MINUTE_MS);
    await work();
    expect((await show('sofia@firm.com')).tier).toBe('free');

    await poll();
    await work();

    const healed = await show('sofia@firm.com');
    expect(healed).toMatchObject({ tier: 'pro', access: 'full' });
    expect(healed.credits.balance).toBeGreaterThan(0);
    const stored = await inbox();
    const messages = await told('entitlements');
    expect(stored.filter((row) => row.source === 'poll').length).toBeGreaterThan(3);

    stripe.loseWebhooks(false);
    await poll();
    for (const event of stripe.events) await stripe.deliver(event.id);
    await poll();
    await work();

    expect((await show('sofia@firm.com')).credits).toEqual(healed.credits);
    expect((await show('sofia@firm.com')).entitlementChanges).toEqual(healed.entitlementChanges);
    expect(await told('entitlements')).toEqual(messages);
  },
);

test('asking again stores nothing again, and does not wake an event that was set aside', async () => {
  const { stripe, clock, poll, inbox, database } = await recoveryWorld();
  stripe.loseWebhooks(true);
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  clock.advance(2 * MINUTE_MS);
  await poll();
  const [dead] = await inbox();
  await database.knex('stripe_events').where({ id: dead?.id }).update({ status: 'dead' });
  const before = await inbox();

  clock.advance(MINUTE_MS);
  await poll();

  expect(await inbox()).toEqual(before);
});

test('an event that Stripe lists a minute late, and one of the very second of the cursor, are not lost', async () => {
  const { stripe, clock, poll, inbox } = await recoveryWorld();
  stripe.loseWebhooks(true, { untraced: true });
  const subscribed = (id: string) => {
    stripe.world.createCustomer({ id, email: `${id}@firm.com`, name: id });
    stripe.world.subscribe(id, 'pro_monthly');
    return stripe.lastEvent('customer.subscription.created');
  };
  const late = subscribed('cus_late');
  clock.advance(MINUTE_MS);
  const seen = subscribed('cus_seen');
  const twin = subscribed('cus_twin');
  expect(twin.created).toBe(seen.created);
  let hidden = true;
  const show = hide(stripe, (id) => hidden && (id === late.id || id === twin.id));
  const stored = async () => (await inbox()).map((row) => row.id);
  clock.advance(2 * MINUTE_MS);
  await poll();
  expect(await stored()).toContain(seen.id);
  expect(await stored()).not.toContain(late.id);
  expect(await stored()).not.toContain(twin.id);

  hidden = false;
  clock.advance(MINUTE_MS);
  await poll();
  show();

  expect(await stored()).toEqual(expect.arrayContaining([late.id, twin.id]));
});

test('a backlog of many pages is read to its end, also when Lucy stops in the middle', async () => {
  const { stripe, clock, deps, inbox, database } = await recoveryWorld();
  stripe.loseWebhooks(true);
  for (let count = 0; count < 1_250; count++)
    stripe.world.createCustomer({ id: `cus_${count}`, email: `c${count}@firm.com`, name: 'C' });
  clock.advance(2 * MINUTE_MS);

  expect(await pollEvents(deps)).toBe(1);
  const halfway = (await inbox()).length;
  expect(halfway).toBeLessThan(1_250);
  expect((await readPollState(database.knex))?.groups.some((group) => group.after !== null)).toBe(true);
  // What a new process does: it knows no more than the database.
  while ((await pollEvents(deps)) > 0);

  const stored = (await inbox()).filter((row) => row.type === 'customer.created' && row.source === 'poll');
  expect(new Set(stored.map((row) => row.id)).size).toBe(1_250);
  const state = await readPollState(database.knex);
  expect(state?.groups.every((group) => group.after === null)).toBe(true);
  expect(state?.lookedAt).toBe(clock.now());
}, 60_000);

test('the first look goes an hour back, and what is younger than a minute is left to the webhook', async () => {
  const { stripe, clock, poll, inbox } = await recoveryWorld();
  stripe.loseWebhooks(true);
  stripe.world.createCustomer({ id: 'cus_old', email: 'old@firm.com', name: 'Old' });
  clock.advance(2 * HOUR_MS);
  stripe.world.createCustomer({ id: 'cus_new', email: 'new@firm.com', name: 'New' });
  clock.advance(30_000);
  await poll();
  expect(await polled()).toEqual([]);

  clock.advance(MINUTE_MS);
  await poll();
  expect(await polled()).toEqual([stripe.lastEvent('customer.created').id]);

  async function polled() {
    return (await inbox())
      .filter((row) => row.source === 'poll' && row.type === 'customer.created')
      .map((row) => row.id);
  }
});

test('Stripe is left alone for as long as it asks, and the look goes on afterwards', async () => {
  const { stripe, clock, deps, poll, inbox, database } = await recoveryWorld();
  stripe.loseWebhooks(true);
  stripe.world.createCustomer({ id: 'cus_new', email: 'new@firm.com', name: 'New' });
  clock.advance(2 * MINUTE_MS);
  stripe.faults.down(true);

  expect(await pollEvents(deps)).toBe(0);
  const asked = stripe.requests.length;
  expect(await pollEvents(deps)).toBe(0);
  expect(stripe.requests.length).toBe(asked);
  expect((await readPollState(database.knex))?.error).toMatch(/./);

  stripe.faults.down(false);
  clock.advance(20 * MINUTE_MS);
  await poll();
  expect((await inbox()).some((row) => row.source === 'poll')).toBe(true);
  expect(await readPollState(database.knex)).toMatchObject({ error: null, failures: 0 });
});

/** Stripe lists it later than it made it. Returns what ends that. */
function hide(
  stripe: Awaited<ReturnType<typeof recoveryWorld>>['stripe'],
  isHidden: (id: string) => boolean,
): () => void {
  const kept = new Map(stripe.events.map((event) => [event.id, event.created]));
  return stripe.onRequest(() => {
    for (const event of stripe.events)
      event.created = isHidden(event.id) ? 1 : (kept.get(event.id) ?? event.created);
  });
}
