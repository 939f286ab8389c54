import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { sofia } from '#test/world/billing-world.ts';
import { disputeWorld } from '#test/world/dispute-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { stripeEvent } from '#test/world/webhook-world.ts';

const inquiry = { status: 'warning_needs_response', isChargeRefundable: true, caseType: 'inquiry' };

test('a formal dispute freezes the payment’s credits: they are shown, and can be neither spent nor held', async () => {
  const world = await disputeWorld();
  world.says();
  await world.tells('created');

  expect(await world.credits()).toMatchObject({
    balance: world.granted,
    frozen: world.granted,
    spendable: 0,
  });
  const spent = await world.lucy(`credits consume ${sofia.email} 1 --reason "a call" --yes`);
  expect(spent.code).toBe(1);
  expect(spent.err).toContain('Only 0 credits can be spent');
  expect((await world.lucy(`credits audit ${sofia.email}`)).code).toBe(0);
  const shown = await world.lucy(`customer show ${sofia.email}`);
  expect(shown.out).toContain(`${world.granted} frozen by a dispute`);
  expect(shown.out).toContain('$49.00 is under dispute');
  expect((await world.show(sofia.email)).access).toBe('full');
  expect(await world.messages()).toContainEqual(
    expect.stringContaining('frozen: the payment is under dispute'),
  );
});

test('credits from elsewhere can be spent meanwhile', async () => {
  const world = await disputeWorld();
  world.says();
  await world.tells('created');
  await world.lucy(`credits grant ${sofia.email} 5 --reason "goodwill" --yes`);

  expect(await world.credits()).toMatchObject({ spendable: 5, frozen: world.granted });
  expect((await world.lucy(`credits consume ${sofia.email} 5 --reason "calls" --yes`)).code).toBe(0);
  expect((await world.lucy(`credits consume ${sofia.email} 1 --reason "calls" --yes`)).code).toBe(1);
});

test('money withdrawn is not lost, and money reinstated is not won', async () => {
  const world = await disputeWorld();
  world.says();
  await world.tells('created');
  await world.tells('funds_withdrawn');
  world.says({ status: 'under_review', submissionCount: 1, hasEvidence: true });
  await world.tells('funds_reinstated');
  expect(await world.credits()).toMatchObject({ balance: world.granted, frozen: world.granted });

  world.says({ status: 'won' });
  await world.tells('closed');
  expect(await world.credits()).toMatchObject({
    balance: world.granted,
    frozen: 0,
    spendable: world.granted,
  });
});

test('lost, the credits go back; what was spent before becomes debt', async () => {
  const world = await disputeWorld();
  await world.lucy(`credits consume ${sofia.email} 100 --reason "calls" --yes`);
  world.says();
  await world.tells('created');
  world.says({ status: 'lost' });
  await world.tells('closed');

  expect(await world.credits()).toMatchObject({ balance: 0, frozen: 0, debt: 100 });
  const { findings } = await world.show(sofia.email);
  expect(findings).toMatchObject([
    { kind: 'credits_debt', summary: expect.stringContaining('lost to a dispute') },
  ]);
  world.says({ status: 'won' });
  await world.tells('updated');
  expect(await world.credits()).toMatchObject({ balance: world.granted - 100, frozen: 0, debt: 0 });
});

test('an inquiry freezes nothing, until it becomes a formal dispute', async () => {
  const world = await disputeWorld();
  world.says(inquiry);
  await world.tells('created');
  expect(await world.credits()).toMatchObject({ frozen: 0, spendable: world.granted });

  world.says({ status: 'needs_response', isChargeRefundable: false, caseType: 'chargeback' });
  await world.tells('updated');
  expect(await world.credits()).toMatchObject({ frozen: world.granted, spendable: 0 });
});

test('one that was settled early and shows as lost does not count beside the refund that settled it', async () => {
  const world = await disputeWorld();
  const settled = { status: 'lost', caseType: 'resolution', amount: 2_450 };
  world.says(settled);
  await world.tells('created');
  const half = world.granted - Math.floor(world.granted / 2);
  expect(await world.credits()).toMatchObject({ balance: half });

  world.truth.refund(world.invoice.paymentIntentId ?? '', 2_450);
  await world.receive(events.refund('created', world.invoice.paymentIntentId ?? '', sofia.stripe));
  await world.drain();
  expect(await world.credits()).toMatchObject({ balance: half });
});

test('a dispute of which no event ever came is found through the charge that Stripe calls disputed', async () => {
  const world = await disputeWorld();
  world.says();
  await world.lucy(`tier reset ${sofia.email} --reason "look again" --yes`);
  await world.database.knex('customer_sync').update({ dirty_seq: world.database.knex.raw('dirty_seq + 1') });
  await world.drain();

  expect(await world.credits()).toMatchObject({ frozen: world.granted });
});

test('an open dispute is looked at in every pass, whatever the pass is about', async () => {
  const world = await disputeWorld();
  world.says();
  await world.tells('created');
  world.says({ status: 'won' });
  const [subscription] = [...world.truth.subscriptions.values()];
  if (!subscription) throw new Error('no subscription');
  await world.receive(events.subscription('updated', subscription));
  await world.drain();

  expect(await world.credits()).toMatchObject({ frozen: 0, spendable: world.granted });
});

test('credits that would lapse while they are frozen lapse as much later', async () => {
  const settings = settingsSchema.parse({
    ...sampleSettings,
    plans: sampleSettings.plans.map((plan) => ({ ...plan, credits_expire: 'period_end' })),
  });
  const world = await disputeWorld({ settings });
  const day = 86_400_000;
  world.clock.advance(20 * day);
  world.says();
  await world.tells('created');
  world.clock.advance(40 * day);
  await world.drain();
  expect(await world.credits()).toMatchObject({ balance: world.granted, frozen: world.granted });

  world.says({ status: 'won' });
  await world.tells('closed');
  expect(await world.credits()).toMatchObject({ balance: world.granted, spendable: world.granted });
  world.clock.advance(9 * day);
  await world.drain();
  expect(await world.credits()).toMatchObject({ spendable: world.granted });
  world.clock.advance(2 * day);
  await world.drain();
  expect(await world.credits()).toMatchObject({ balance: 0 });
});

test('where the settings say so, access is restricted while the bank holds the money', async () => {
  const settings = settingsSchema.parse({ ...sampleSettings, disputes: { access: 'restrict' } });
  const world = await disputeWorld({ settings });
  world.says(inquiry);
  await world.tells('created');
  expect(await world.show(sofia.email)).toMatchObject({ tier: 'pro', access: 'full' });
  world.says({ status: 'needs_response' });
  await world.tells('updated');
  expect(await world.show(sofia.email)).toMatchObject({ tier: 'pro', access: 'restricted' });
  await world.lucy(`customer lock ${sofia.email} --reason "stolen card" --yes`);
  world.says({ status: 'won' });
  await world.tells('closed');
  expect(await world.show(sofia.email)).toMatchObject({ tier: 'pro', access: 'locked' });
});

test('a review is a note on the customer’s timeline', async () => {
  const world = await disputeWorld();
  world.truth.reviews.set('prv_1', {
    id: 'prv_1',
    chargeId: world.charge,
    paymentIntentId: null,
    isOpen: true,
    reason: 'rule',
  });
  const object = { id: 'prv_1', object: 'review', charge: world.charge };
  await world.receive(stripeEvent('review.opened', object));
  await world.drain();

  const { out } = await world.lucy(`customer timeline ${sofia.email}`);
  expect(out).toContain(`Stripe’s review of payment ${world.charge} is open: a rule of Radar asked for it.`);
});
