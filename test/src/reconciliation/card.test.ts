import { expect, test } from 'vitest';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { carryRepairs } from '#src/reconciliation/carry-repairs.ts';
import type { ReconcileDeps } from '#src/reconciliation/deps.ts';
import { followCard } from '#src/reconciliation/follow-card.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { drain } from '#test/world/billing-world.ts';
import { castSettings, seen, slackWorld } from '#test/world/slack-world.ts';
import { stripeTruth } from '#test/world/stripe-truth.ts';

const MINUTE_MS = 60_000;
const billing = 'lucy-billing';

/** Sofia pays at Stripe and Lucy heard nothing; Bea asks for a reconciliation in Slack. */
async function begunInSlack() {
  const settings = {
    ...castSettings,
    plans: sampleSettings.plans,
    credit_packs: sampleSettings.credit_packs,
  };
  // Set when the world's clock is there.
  let now = () => Date.now();
  const truth = stripeTruth(() => now());
  const world = await slackWorld({ settings, stripe: truth.gateway });
  now = world.clock.now;
  await world.given('customer add sofia@firm.com --stripe cus_sofia');
  const { database, clock, runner } = world;
  const recon: ReconcileDeps = {
    database,
    settings,
    stripe: truth.gateway,
    clock,
    log: runner.log,
    mode: 'test',
    creditsSince: clock.now() - MINUTE_MS,
    async pause(ms) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(ms);
    },
  };
  await drain(recon);
  const sold = truth.subscribe('cus_sofia', 'price_B', { createdAt: clock.now() });
  truth.payInvoice(sold.id);
  clock.advance(60 * MINUTE_MS);
  await world.pumpAll();
  const bea = world.slack.as('bea');
  await bea.say(billing, '/lucy reconcile run --reason "webhooks were lost" --ticket INC-7');
  const preview = await seen(world, 'bea', billing, 'Nothing is changed');
  await bea.click({ channel: billing, ts: preview.ts }, 'Start the reconciliation');
  await seen(world, 'bea', billing, 'has begun');
  await world.pumpAll();
  const card = () => {
    const found = world.slack
      .messages(billing)
      .find(({ reads }) => reads.includes('reconciliation with Stripe'));
    if (!found) throw new Error('There is no card');
    return found;
  };
  const carrier = createCarrier(recon);
  return { ...world, truth, recon, bea, card, carrier };
}

test('one card shows how it goes, then what differs on both sides, and a button puts it right with a colleague’s yes', async () => {
  const world = await begunInSlack();
  const { card, carrier, clock, pumpAll, recon, slack, bea, database } = world;
  expect(card().reads).toContain('a second');
  expect(card().reads).toContain('Stop it');

  await carrier.carry();
  clock.advance(6_000);
  await followCard(recon);
  await pumpAll();
  expect(card().reads).toContain('looked at closely');
  for (
    let looks = 0;
    looks < 200 && (await database.knex('reconcile_runs').first('ended_at')).ended_at === null;
    looks++
  ) {
    clock.advance(1_000);
    await carrier.carry();
  }
  await pumpAll();
  expect(card().reads).toContain('2 differences in 1 subscription');
  expect(card().reads).toContain('is active (pro_monthly) | tier free, access full');
  expect(
    slack.messages(billing).filter(({ reads }) => reads.includes('reconciliation with Stripe')),
  ).toHaveLength(1);

  await bea.click({ channel: billing, ts: card().ts }, 'Put right: paid, but has nothing (1)');
  await slack.waitFor(() => bea.modal());
  await bea.submit({ Reason: 'webhooks were lost' });
  await slack.waitFor(() => bea.modal()?.reads.includes('Put 1 difference right'));
  await bea.submit();
  await slack.waitFor(
    () => !bea.modal()?.reads.includes('Put 1 difference right?') || bea.modal()?.title === 'Done',
  );
  await pumpAll();
  clock.advance(5_000);
  const asked = slack.messages('lucy-approvals')[0];
  await slack.as('bo').click({ channel: 'lucy-approvals', ts: asked?.ts ?? '' }, 'approve:0');
  const queued = async () => (await database.knex('reconcile_findings').whereNotNull('apply_run')).length;
  await expect.poll(queued).toBe(1);
  while ((await carryRepairs(recon)) > 0);
  await pumpAll();
  expect(card().reads).not.toContain('put right,');
  await drain(recon);
  clock.advance(5_000);
  while ((await carryRepairs(recon)) > 0);
  await pumpAll();

  expect(card().reads).toContain('1 put right');
  expect(await database.knex('entitlements').first('tier')).toMatchObject({ tier: 'pro' });
});

test('the card is edited at most every few seconds, however fast it goes', async () => {
  const { carrier, clock, recon, database } = await begunInSlack();
  const version = async () => (await database.knex('reconcile_runs').first('version')).version as number;
  const before = await version();
  await carrier.carry();
  for (let looks = 0; looks < 40; looks++) {
    clock.advance(100);
    await database.knex('reconcile_runs').update({ progress_at: clock.now() });
    await followCard(recon);
  }
  expect((await version()) - before).toBeLessThanOrEqual(2);
});
