import { expect, test } from 'vitest';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { followReplays } from '#src/event-recovery/follow-replays.ts';
import { drain, receive } from '#test/world/billing-world.ts';
import { castSettings, slackWorld } from '#test/world/slack-world.ts';
import { events, stripeTruth } from '#test/world/stripe-truth.ts';

test('a replay of many has one card in the on-call channel, edited in place as its events come to their end', async () => {
  const truth = stripeTruth(Date.now);
  const world = await slackWorld({ stripe: truth.gateway });
  const { database, clock, slack, runner } = world;
  const deps: BillingDeps = {
    database,
    settings: castSettings,
    stripe: truth.gateway,
    clock,
    log: runner.log,
    mode: 'test',
    creditsSince: 0,
  };
  await world.given('customer add sofia@firm.com --stripe cus_sofia');
  await drain(deps);
  const subscription = truth.subscribe('cus_sofia', 'price_B');
  for (const id of ['evt_one', 'evt_two'])
    await receive(database, events.subscription('updated', subscription, id), clock.now());
  await database.knex('stripe_events').update({ status: 'dead', attempts: 8, dead_count: 1 });

  await world.given('webhook replay --failed');
  await world.pumpAll();
  const cards = () => slack.messages('lucy-oncall').filter((message) => message.text.includes('replay of'));
  const [card, ...others] = cards();
  expect(card?.text).toContain('replay of 2 Stripe events: 2 waiting for their turn.');
  expect(others).toEqual([]);

  await drain(deps);
  await followReplays(deps);
  await followReplays(deps);
  await world.pumpAll();
  const after = cards();
  expect(after).toHaveLength(1);
  expect(after[0]?.ts).toBe(card?.ts);
  expect(after[0]?.text).toContain('replay of 2 Stripe events: 2 handled.');
  expect(JSON.stringify(after[0])).toContain('evt_two');
});
