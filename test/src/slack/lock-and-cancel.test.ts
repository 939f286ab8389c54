import { expect, onTestFinished, test } from 'vitest';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { castSettings, seen, slackWorld } from '#test/world/slack-world.ts';

async function withTwoSubscriptions() {
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: 'whsec_x',
    webhookUrl: () => 'http://127.0.0.1:9',
    autoDeliver: false,
  });
  onTestFinished(() => stripe.close());
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const world = await slackWorld({ settings: castSettings, stripe: gateway });
  stripe.world.createCustomer({ id: 'cus_sofia', email: 'sofia@firm.com' });
  const starter = stripe.world.subscribe('cus_sofia', 'starter_monthly');
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await world.given('customer add sofia@firm.com --stripe cus_sofia');
  await world.pumpAll();
  return { ...world, starter, bea: world.slack.as('bea') };
}

test('Bea locks a customer with a click; the way back asks the approvers', async () => {
  const world = await withTwoSubscriptions();
  const { bea } = world;

  await bea.say('lucy-billing', '/lucy customer lock sofia@firm.com --reason "stolen card" --ticket ZD-840');
  const preview = await seen(world, 'bea', 'lucy-billing', 'Lock sofia@firm.com for fraud?');
  await bea.click({ channel: 'lucy-billing', ts: preview.ts }, 'Lock the customer');
  await seen(world, 'bea', 'lucy-billing', 'sofia@firm.com locked for fraud.');
  await bea.say('lucy-billing', '/lucy customer unlock sofia@firm.com --reason "the bank cleared it"');
  const unlock = await seen(world, 'bea', 'lucy-billing', 'Unlock sofia@firm.com?');

  expect(unlock.reads).toContain('“stolen card” (ZD-840)');
  expect(unlock.reads).toContain('Ask for approval');
  expect(await world.database.knex('customer_locks')).toMatchObject([{ ended_at: null, actor_name: 'Bea' }]);
});

test('a customer with two subscriptions is a question, and a click on one is its preview', async () => {
  const world = await withTwoSubscriptions();
  const { bea, starter } = world;

  await bea.say('lucy-billing', '/lucy subscription cancel sofia@firm.com --reason "asked by mail"');
  const choice = await seen(world, 'bea', 'lucy-billing', 'which one is to end?');
  await bea.click({ channel: 'lucy-billing', ts: choice.ts }, 'End starter_monthly');

  const preview = await seen(world, 'bea', 'lucy-billing', `End the subscription ${starter.id}`);
  expect(preview.reads).toContain('with its period');
  expect(preview.reads).toContain('asked by mail');
});

test('the timeline is a table, and its file comes as a message', async () => {
  const world = await withTwoSubscriptions();
  const { bea, slack } = world;

  await bea.say('lucy-billing', '/lucy customer timeline sofia@firm.com --csv');

  await slack.waitFor(() => bea.dm().length > 0);
  expect(bea.dm()).toMatchObject([{ files: [{ text: expect.stringContaining('"lucy","audit"') }] }]);
});
