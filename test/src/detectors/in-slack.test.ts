import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { watching } from '#test/world/detector-world.ts';
import { castSettings, seen, slackWorld } from '#test/world/slack-world.ts';
import { stripeTruth } from '#test/world/stripe-truth.ts';

const settings = {
  ...castSettings,
  teams: settingsSchema.shape.teams.parse({
    data_platform: { channel: '#lucy-billing', group: 'S0ONCALL01' },
  }),
};

async function owing() {
  const stripe = stripeTruth(() => Date.now());
  const world = await slackWorld({ settings, stripe: stripe.gateway });
  await world.given('customer add sofia@firm.com --stripe cus_sofia');
  await world.given('credits grant sofia@firm.com 10');
  const deps = { ...world.runner, stripe: stripe.gateway, creditsSince: 0 };
  const { look } = watching({ ...world, deps });
  await look();
  await world.database.knex('credit_accounts').update({ debt: 7 });
  await look();
  await world.pumpAll();
  return { ...world, look, stripe, notices: () => world.slack.messages('lucy-billing') };
}

test('the team’s channel gets one card with its group mentioned; it is edited when it heals, and calls nobody again', async () => {
  const world = await owing();

  const [notice, ...more] = world.notices();
  expect(more).toEqual([]);
  expect(notice?.text).toContain('<!subteam^S0ONCALL01>');
  expect(notice?.text).toContain(
    'The credit balance of sofia@firm.com is negative or stuck: 7 credits are owed',
  );

  await world.database.knex('credit_accounts').update({ debt: 0 });
  await world.look();
  await world.pumpAll();
  const [healed, ...others] = world.notices();
  expect(others).toEqual([]);
  expect(healed?.ts).toBe(notice?.ts);
  expect(healed?.text).toContain('Well again: The credit balance of sofia@firm.com');
  expect(healed?.text).not.toContain('subteam');
});

test('“Diagnose” on the card tells whoever clicks, with the remedy and the way up as buttons', async () => {
  const world = await owing();
  const olu = world.slack.as('olu');
  const [notice] = world.notices();

  await olu.click({ channel: 'lucy-billing', ts: notice?.ts ?? '' }, 'Diagnose');
  const told = await seen(world, 'olu', 'lucy-billing', 'Credit balance negative or stuck.');

  expect(told.isEphemeral).toBe(true);
  expect(told.reads).toContain('Remedy:  credits audit sofia@firm.com');
  expect(told.reads).toContain('Data platform (Support runbook, section 5: data platform)');
  await olu.click({ channel: 'lucy-billing', ts: told.ts }, 'Prove the ledger');
  await seen(world, 'olu', 'lucy-billing', 'credits of sofia@firm.com');
});

test('typed in Slack it is private, and escalating begins with what it is about', async () => {
  const world = await owing();
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy customer diagnose sofia@firm.com');
  const told = await seen(world, 'sam', 'support', 'Credit balance negative or stuck.');

  await sam.click({ channel: 'support', ts: told.ts }, 'Escalate: Credit balance negative or stuck');
  await seen(world, 'sam', 'support', 'Data platform');
});
