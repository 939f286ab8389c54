import { expect, onTestFinished, test } from 'vitest';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import type { Settings } from '#src/core/settings.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { effectChanged } from '#src/runner/end-carried-run.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import { approvals, told } from '#test/world/approvals.ts';
import { drain, receive } from '#test/world/billing-world.ts';
import { readPdf } from '#test/world/read-pdf.ts';
import { castSettings, slackWorld } from '#test/world/slack-world.ts';

const settings: Settings = { ...castSettings, plans: sampleSettings.plans };

/** Sofia disputes her payment; Lucy has heard of it, and its card stands in the billing channel. */
async function disputedInSlack(inquiry: boolean) {
  let now = () => Date.now();
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: 'whsec_x',
    webhookUrl: () => 'http://127.0.0.1:9',
    autoDeliver: false,
    now: () => now(),
  });
  onTestFinished(() => stripe.close());
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const world = await slackWorld({ settings, stripe: gateway });
  now = world.clock.now;
  const { database, clock, runner } = world;
  stripe.world.createCustomer({ id: 'cus_sofia', email: 'sofia@firm.com' });
  await world.given('customer add sofia@firm.com --stripe cus_sofia');
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  const charge = stripe.world.lastPaidChargeOf('cus_sofia')?.id ?? '';
  const dispute = stripe.world.openDispute(charge, { inquiry, reason: 'product_not_received' });
  const heard = async () => {
    for (const event of stripe.events) await receive(database, event, clock.now());
    const deps = { database, settings, stripe: gateway, clock, log: runner.log, mode: 'test' as const };
    await drain({ ...deps, creditsSince: 0 });
    await world.pumpAll();
  };
  await heard();
  const billing = () =>
    world.slack.messages('lucy-billing').find((message) => message.reads.includes(dispute.id));
  return {
    ...world,
    stripe,
    dispute,
    card: () => billing()?.reads ?? '',
    at: () => ({ channel: 'lucy-billing', ts: billing()?.ts ?? '' }),
    /** What was approved goes to Stripe and is confirmed. */
    async carried() {
      const onChange: Parameters<typeof carryEffects>[0]['onChange'] = (sql, cause, effect, before) =>
        effectChanged(sql, settings, cause, effect, before);
      for (let step = 0; step < 20; step++) {
        while ((await carryEffects({ database, stripe: gateway, clock, log: runner.log, onChange })) > 0);
        clock.advance(10_000);
      }
      await heard();
    },
    /** Bea answers with a button of the card, says why, and asks; Bo approves it. */
    async decided(button: string, fields: Record<string, string> = {}) {
      const bea = world.slack.as('bea');
      await bea.click({ channel: 'lucy-billing', ts: billing()?.ts ?? '' }, button);
      await world.slack.waitFor(() => bea.modal() !== null);
      await bea.submit({ Reason: 'looked at it', ...fields });
      await world.slack.waitFor(() => bea.modal()?.reads.includes('looked at it') ?? false, {
        timeoutMs: 20_000,
      });
      const preview = bea.modal()?.reads ?? '';
      await bea.submit();
      await world.slack.waitFor(() => bea.modal()?.reads.includes('Asked in #lucy-approvals') ?? false);
      await world.pumpAll();
      clock.advance(5_000);
      const asked = world.slack.messages(approvals).at(-1);
      return { preview, asked: asked?.reads ?? '', at: { channel: approvals, ts: asked?.ts ?? '' } };
    },
  };
}

test('a formal dispute is accepted by two people with buttons, and the card says that it is lost', async () => {
  const world = await disputedInSlack(false);
  expect(world.card()).toContain('[Accept]');
  expect(world.card()).toContain('under legal hold');

  const { preview, at } = await world.decided('Accept');
  expect(preview).toContain('the cardholder keeps $49.00');
  await world.slack.as('bo').click(at, 'Approve: Accept the dispute');
  await told(world, 'bo', 'Approved.');
  await world.pumpAll();
  expect(world.card()).toContain('accept');
  expect(world.card()).not.toContain('[Contest]');
  await world.carried();

  expect(world.dispute.status).toBe('lost');
  expect(world.card()).toContain('is lost');
});

test('while the bank only asks, the button says Refund, and that is what two people do', async () => {
  const world = await disputedInSlack(true);
  expect(world.card()).toContain('[Refund]');
  expect(world.card()).not.toContain('[Accept]');

  const { preview, at } = await world.decided('Refund');
  expect(preview).toContain('Refund $49.00 to sofia@firm.com');
  await world.slack.as('bo').click(at, 'Approve: Refund $49.00');
  await told(world, 'bo', 'Approved.');
  await world.carried();

  expect(world.stripe.world.tables.refunds.of(world.dispute.charge)).toHaveLength(1);
  expect(world.dispute.status).toBe('warning_needs_response');
});

test('a refund that came too late leaves the card with its buttons, for another answer', async () => {
  const world = await disputedInSlack(true);
  const { at } = await world.decided('Refund');
  await world.slack.as('bo').click(at, 'Approve: Refund $49.00');
  await told(world, 'bo', 'Approved.');
  await world.pumpAll();
  expect(world.card()).not.toContain('[Refund]');
  world.stripe.world.escalateInquiry(world.dispute.id);
  await world.carried();

  expect(world.card()).toContain('[Accept]');
  expect(world.stripe.world.tables.refunds.of(world.dispute.charge)).toEqual([]);
});

test('Bo reads the PDF before he approves; it is the one that the bank gets', async () => {
  const world = await disputedInSlack(false);
  const bo = world.slack.as('bo');
  const { preview, asked, at } = await world.decided('Contest', { 'Note to the bank': 'She made reports.' });
  expect(preview).toContain('A PDF of 1 page');
  expect(asked).toContain('[Read the evidence]');

  await bo.click(at, 'Read the evidence');
  await world.slack.waitFor(() => bo.dm().some((message) => message.files.length > 0));
  await bo.click(at, 'Approve: Submit the evidence');
  await told(world, 'bo', 'Approved.');
  await world.carried();

  expect(world.dispute.status).toBe('under_review');
  const fileId = world.dispute.evidence.uncategorized_file ?? '';
  const { pages } = readPdf(world.stripe.world.tables.fileContents.get(fileId) ?? new Uint8Array());
  expect(pages[0]).toContain('She made reports.');
  expect(world.card()).toContain('Our evidence is with the bank');
});

test('whoever asked cannot approve it, and a click on a dispute that ended meanwhile changes nothing', async () => {
  const world = await disputedInSlack(false);
  const { at } = await world.decided('Accept');

  await world.slack.as('bea').click(at, 'Approve: Accept the dispute');
  await told(world, 'bea', 'nobody approves or denies their own request');
  world.stripe.world.closeDispute(world.dispute.id, 'won');
  await world.slack.as('bo').click(at, 'Approve: Accept the dispute');
  await told(world, 'bo', 'is won already');

  expect(await world.database.knex('stripe_effects')).toEqual([]);
});
