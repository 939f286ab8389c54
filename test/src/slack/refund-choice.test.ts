import { expect, onTestFinished, test } from 'vitest';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { castSettings, seen, slackWorld } from '#test/world/slack-world.ts';

async function withPayments() {
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
  stripe.world.subscribe('cus_sofia', 'starter_monthly');
  stripe.world.subscribe('cus_sofia', 'pro_monthly');
  await world.given('customer add sofia@firm.com --stripe cus_sofia');
  await world.pumpAll();
  return { ...world, sam: world.slack.as('sam') };
}

test('a line that fits two payments is answered with both, and a click on one gives its preview', async () => {
  const world = await withPayments();
  const { sam } = world;

  await sam.say('support', '/lucy refund request sofia@firm.com --reason "paid twice" --ticket ZD-812');
  const choice = await seen(world, 'sam', 'support', 'which one is to be refunded?');
  expect(choice.isEphemeral).toBe(true);
  await sam.click({ channel: 'support', ts: choice.ts }, buttonWith(choice.reads, '$49.00'));

  const preview = await seen(world, 'sam', 'support', 'Refund $49.00 to sofia@firm.com?');
  expect(preview.reads).toContain('paid twice');
  expect(preview.reads).toContain('ZD-812');
  expect(preview.reads).toContain('Ask for approval');
  expect(await world.database.knex('runs').where({ command: 'refund request' })).toMatchObject([
    { state: 'planned', ticket: 'ZD-812' },
  ]);
});

test('the form becomes the choice, whose buttons keep what was typed', async () => {
  const { sam, slack } = await withPayments();
  await sam.say('support', '/lucy refund request sofia@firm.com');

  await sam.submit({ Amount: '12.50', Reason: 'said "sorry"' });
  await slack.waitFor(() => sam.modal()?.reads.includes('which one is to be refunded?') ?? false);
  await sam.click('modal', buttonWith(sam.modal()?.reads ?? '', '$19.00'));

  await slack.waitFor(() => sam.modal()?.reads.includes('Refund $12.50 to sofia@firm.com?') ?? false);
  expect(sam.modal()?.reads).toContain("said 'sorry'");
  expect(sam.modal()?.reads).toContain('$0.00 of $19.00 → $12.50 of $19.00');
});

/** The label of the button that speaks of this amount. */
function buttonWith(reads: string, amount: string): string {
  const label = /Refund [^\n\]]*\([-\d: ]+\)/g;
  const found = [...reads.matchAll(label)].map(([text]) => text).find((text) => text.includes(amount));
  if (!found) throw new Error(`No button speaks of ${amount}: ${reads}`);
  return found;
}
