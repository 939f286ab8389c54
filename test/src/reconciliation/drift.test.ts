import { expect, test } from 'vitest';
import { type ReconcileWorld, reconcileWorld } from '#test/world/reconcile-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** One customer for each way in which the two sides can drift apart, and three with whom all is well. */
async function driftedWorld() {
  const world = await reconcileWorld();
  const { stripe, customer, work, lost, clock, as, database } = world;
  const { world: atStripe } = stripe;
  const names =
    'paid ended wrong twice unmapped stale grace renewed refunded late right1 right2 gone abandoned';
  const ids = Object.fromEntries(
    await Promise.all([...names.split(' ')].map(async (name) => [name, await customer(name)] as const)),
  );
  const id = (name: string) => ids[name] ?? '';
  const subscribe = (name: string, price = 'pro_monthly') => atStripe.subscribe(id(name), price).id;
  const subs = Object.fromEntries(
    ['ended', 'wrong', 'twice', 'stale', 'grace', 'renewed', 'refunded', 'late', 'right1'].map((name) => [
      name,
      subscribe(name),
    ]),
  );
  const sub = (name: string) => subs[name] ?? '';
  subscribe('twice', 'starter_monthly');
  subscribe('right2', 'starter_monthly');
  const price = atStripe.createPrice({
    product: 'prod_new',
    unitAmount: 900,
    interval: 'month',
    lookupKey: 'new_plan',
  });
  atStripe.subscribe(id('unmapped'), price.id);
  const stranger = atStripe.createCustomer({ email: 'nora@firm.com', name: 'Nora' }).id;
  atStripe.subscribe(stranger, 'pro_monthly');
  await stripe.idle();
  await work();
  clock.advance(HOUR_MS);
  atStripe.renew(sub('late'), { payment: 'declined' });
  await stripe.idle();
  await work();
  atStripe.giveUp(sub('late'), 'cancel');
  await stripe.idle();
  await work();
  clock.advance(HOUR_MS);
  const session = atStripe.checkout({ customer: id('abandoned'), price: 'pro_monthly', payment: 'none' });
  const owed = atStripe.invoicesOf(id('late')).find(({ status }) => status === 'open');

  await lost(() => {
    subscribe('paid');
    atStripe.cancelNow(sub('ended'));
    atStripe.changePlan(sub('wrong'), 'starter_monthly');
    atStripe.cancelAtPeriodEnd(sub('stale'));
    atStripe.renew(sub('grace'), { payment: 'declined' });
    atStripe.renew(sub('renewed'));
    atStripe.refund(atStripe.lastPaidChargeOf(id('refunded'))?.id ?? '', null);
    atStripe.payInvoice(owed?.id ?? '');
    atStripe.expireCheckout(session.id);
  });
  await as('ada', 'customer add ghost@firm.com --stripe cus_ghost --reason "moved from the old system"');
  const [mirrored] = await database.knex('subscriptions').where({ id: sub('right1') });
  await database
    .knex('subscriptions')
    .insert({ ...mirrored, id: 'sub_live', mode: 'live', stripe_customer_id: 'cus_ghost' });
  // Here and not at Stripe, made in the very second of another one.
  const [others] = await database.knex('subscriptions').where({ id: sub('right1') });
  await database
    .knex('subscriptions')
    .insert({ ...others, id: 'sub_vanished', stripe_customer_id: id('gone') });
  await database
    .knex('entitlements')
    .where({
      customer_id: (await database.knex('customers').where({ email: 'gone@firm.com' }).first('id')).id,
    })
    .update({ tier: 'pro', source: 'subscription', source_ref: 'sub_vanished' });
  await work();
  clock.advance(HOUR_MS);
  const invoice = (name: string) => atStripe.subscriptionsOf(id(name))[0]?.latest_invoice ?? '';
  return { ...world, id, sub, stranger, session, invoice };
}

async function cust({ database }: ReconcileWorld, name: string): Promise<string> {
  return (
    await database
      .knex('customers')
      .where({ email: `${name}@firm.com` })
      .first('id')
  ).id;
}

test('every kind of drift is found once, with both sides, and nothing else is', async () => {
  const world = await driftedWorld();
  const { run, found, sub, stranger, session, invoice } = world;

  await run();

  expect(await found()).toEqual(
    [
      `paid_not_provisioned ${await cust(world, 'paid')} open`,
      `credits_missing ${invoice('paid')} open`,
      `provisioned_not_paid ${await cust(world, 'ended')} open`,
      `provisioned_not_paid ${await cust(world, 'gone')} open`,
      `wrong_tier ${await cust(world, 'wrong')} open`,
      `duplicate_subscription ${await cust(world, 'twice')} ambiguous`,
      `unmapped_price ${await cust(world, 'unmapped')} ambiguous`,
      `unlinked_customer ${stranger} ambiguous`,
      `stale_mirror ${sub('stale')} open`,
      `grace_missing ${sub('grace')} open`,
      `credits_missing ${invoice('renewed')} open`,
      `credits_excess ${invoice('refunded')} open`,
      `paid_after_cancel ${invoice('late')} ambiguous`,
      'mode_mix cus_ghost ambiguous',
      `abandoned_checkout ${session.id} ambiguous`,
    ].sort(),
  );
}, 60_000);

test('what is put right is in line with Stripe afterwards, and the next run finds only what people must decide', async () => {
  const world = await driftedWorld();
  const { run, as, found, show, repair, database, findings } = world;
  const id = await run();
  for (const kind of new Set(
    (await findings()).filter(({ state }) => state === 'open').map((row) => row.kind),
  )) {
    const asked = await as('bo', `reconcile apply ${id} --kind ${kind} --reason "webhooks were lost" --json`);
    expect(asked.code, kind).toBe(4);
    const { approval } = asked.json<{ approval: string }>();
    expect((await as('bea', `approval approve ${approval} --reason "checked"`)).code).toBe(0);
  }
  expect((await show('paid@firm.com')).tier, 'nothing is written before the workers come').toBe('free');
  await repair();

  expect((await show('paid@firm.com')).tier).toBe('pro');
  expect((await show('paid@firm.com')).credits.balance).toBe(500);
  expect((await show('ended@firm.com')).tier).toBe('free');
  expect((await show('gone@firm.com')).tier).toBe('free');
  expect((await show('wrong@firm.com')).tier).toBe('starter');
  expect(await show('grace@firm.com')).toMatchObject({ tier: 'pro', access: 'grace' });
  expect((await show('renewed@firm.com')).credits.balance).toBe(1_000);
  expect((await show('refunded@firm.com')).credits.balance).toBe(0);
  expect((await found(id)).filter((row) => row.endsWith('open'))).toEqual([]);
  const audited = await database.knex('audit_events').where({ command: 'reconcile apply', surface: 'job' });
  expect(audited).toHaveLength((await findings()).filter(({ state }) => state === 'applied').length);

  world.clock.advance(HOUR_MS);
  const again = await run();
  expect((await found(again)).map((row) => row.split(' ')[0]).sort()).toEqual([
    'abandoned_checkout',
    'duplicate_subscription',
    'mode_mix',
    'paid_after_cancel',
    'unlinked_customer',
    'unmapped_price',
  ]);
}, 60_000);
