import { expect, test } from 'vitest';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { dunningWorld } from '#test/world/dunning-world.ts';
import { refundWorld } from '#test/world/refund-world.ts';
import { castSettings, seen, slackWorld } from '#test/world/slack-world.ts';

const link = /https:\/\/billing\.stripe\.com\/p\/session\/\S+/;

test('the link is shown to whoever asked; the audit knows that it was made, and nothing keeps it', async () => {
  const world = await dunningWorld();

  const typed = await world.as('sam', 'payment portal-link sofia@firm.com --ticket ZD-812');
  expect(typed.code).toBe(0);
  expect(typed.out).toMatch(link);

  const [row] = await world.database.knex('audit_events').where({ command: 'payment portal-link' });
  expect(row).toMatchObject({ actor_name: 'Sam', outcome: 'done', ticket: 'ZD-812' });
  expect(JSON.stringify([row, world.logs, await world.database.knex('outbox')])).not.toContain('/p/session/');
});

test('without portal settings it says where to save them', async () => {
  const world = await refundWorld();

  const typed = await world.as('sam', 'payment portal-link sofia@firm.com');
  expect(typed.code).toBe(1);
  expect(typed.err).toContain('the customer portal has no settings in test mode yet');
  expect(typed.err).toContain('https://dashboard.stripe.com/test/settings/billing/portal');
});

test('a customer without a Stripe customer has no portal', async () => {
  const world = await dunningWorld();
  await world.as('ada', 'customer add office@manual.gmbh --reason "pays by invoice"');

  const typed = await world.as('sam', 'payment portal-link office@manual.gmbh');
  expect(typed.code).toBe(5);
  expect(typed.err).toContain('customer link office@manual.gmbh cus_…');
});

test('on-call may not make one, and the refusal is in the audit', async () => {
  const world = await dunningWorld();

  expect((await world.as('olu', 'payment portal-link sofia@firm.com')).code).toBe(3);
  expect(await world.database.knex('audit_events').where({ command: 'payment portal-link' })).toMatchObject([
    { outcome: 'refused' },
  ]);
});

test('in Slack: for Sam alone, without a way to share it, and not in the database', async () => {
  const { stripe } = await dunningWorld();
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const world = await slackWorld({ settings: castSettings, stripe: gateway });
  await world.given('customer add sofia@firm.com --stripe cus_sofia');

  await world.slack.as('sam').say('support', '/lucy payment portal-link sofia@firm.com');
  const answer = await seen(world, 'sam', 'support', 'billing portal link');

  expect(answer.reads).toMatch(link);
  expect(answer.reads).not.toContain('Share');
  expect(
    world.slack
      .as('bea')
      .messages('support')
      .filter(({ reads }) => link.test(reads)),
  ).toEqual([]);
  const kept = JSON.stringify(await world.database.knex('slack_deliveries'));
  expect(kept).toContain('billing portal link');
  expect(kept).not.toContain('/p/session/');
});
