import { expect, test } from 'vitest';
import { DAY_MS } from '#src/core/clock.ts';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { staff } from '#test/world/terminal-world.ts';

const set = 'subscription set sofia@firm.com --type monthly --status active --reason "pays by invoice"';

test('a manual subscription counts for tier and access, and grants no credits', async () => {
  const { lucy, done, show, rows, logs } = await sofiaWorld();

  const preview = await lucy(`${set} --dry-run`);
  await done(set);

  expect(preview.out).toContain('Manual subscription: none → monthly, active');
  expect(preview.out).toContain('Tier: free → pro');
  expect(await show()).toMatchObject({
    tier: 'pro',
    tierSource: 'manual',
    access: 'full',
    credits: { balance: 0 },
    subscriptions: [{ source: 'manual', type: 'monthly', status: 'active', tier: 'pro' }],
  });
  expect(await rows('credit_entries')).toEqual([]);
  expect(logs.filter((line) => line.action === 'subscription_set')).toHaveLength(1);
});

test('it ends by its timer, with one change row', async () => {
  const { lucy, drain, show, clock, database } = await billingWorld();
  // Nobody waits to be looked at: otherwise the timer waits for that.
  await drain();
  await lucy(`${set} --until 30d --yes`);
  expect(await show(sofia.email)).toMatchObject({ tier: 'pro' });

  clock.advance(30 * DAY_MS);
  await drain();

  expect(await show(sofia.email)).toMatchObject({ tier: 'free', tierSource: 'default' });
  expect(await database.knex('entitlement_changes').where({ cause: 'timer' })).toHaveLength(1);
});

test('undo restores the former state, and the first one becomes canceled', async () => {
  const { done, show, rows } = await sofiaWorld();
  const first = await done(`${set} --until 2026-12-31`);
  const second = await done(
    'subscription set sofia@firm.com --type enterprise --status active --reason "bigger contract"',
  );
  expect(await show()).toMatchObject({ tier: 'enterprise' });

  await done(`undo ${runOf(second)} --reason "not signed"`);
  expect(await rows('manual_subscriptions')).toMatchObject([
    { type: 'monthly', status: 'active', ends_at: Date.UTC(2027, 0, 1) },
  ]);

  await done(`undo ${runOf(first)} --reason "wrong customer"`);
  expect(await show()).toMatchObject({ tier: 'free' });
  expect(await rows('manual_subscriptions')).toMatchObject([{ status: 'canceled', ends_at: null }]);
  expect(await rows('timers', { kind: 'manual_expiry' })).toEqual([]);
});

test('paused and canceled ones do not count', async () => {
  const { done, show } = await sofiaWorld();
  await done(set);

  await done('subscription set sofia@firm.com --type monthly --status paused --reason "on holiday"');
  expect(await show()).toMatchObject({ tier: 'free' });
  await done(set);
  expect(await show()).toMatchObject({ tier: 'pro' });
  await done('subscription set sofia@firm.com --type monthly --status canceled --reason "left"');
  expect(await show()).toMatchObject({ tier: 'free' });
});

test('beside a higher Stripe subscription it is recorded, and the preview says that it has no effect', async () => {
  const { truth, receive, drain, lucy, show } = await billingWorld();
  truth.prices.set('price_E', 'enterprise_monthly');
  await receive(events.subscription('updated', truth.subscribe(sofia.stripe, 'price_E')));
  await drain();

  const preview = await lucy(`${set} --dry-run`);
  await lucy(`${set} --yes`);

  expect(preview.out).toContain(
    'It gives pro, but a Stripe subscription gives enterprise and counts instead.',
  );
  expect(await show(sofia.email)).toMatchObject({ tier: 'enterprise', tierSource: 'subscription' });
});

test('the same once more is told that it is so already', async () => {
  const { lucy, done, rows } = await sofiaWorld();
  await done(set);

  const again = await lucy(`${set} --yes`);

  expect(again.code).toBe(1);
  expect(again.err).toContain('is monthly, active already, so nothing was changed.');
  expect(await rows('entitlement_changes')).toHaveLength(1);
});

test.each([
  ['--type weekly --status active', 'There is no type weekly; the types are monthly, yearly and enterprise.'],
  ['--type monthly --status trialing', 'Choose one of active, paused, canceled.'],
  [
    '--type monthly --status canceled --until 7d',
    'Only an active subscription has an end; this one is canceled.',
  ],
  ['--type monthly --status active --until 2020-01-01', 'is past'],
  ['--status active', 'Name the type'],
])('%s is refused with a sentence', async (flags, sentence) => {
  const { lucy, rows } = await sofiaWorld();

  const typed = await lucy(`subscription set sofia@firm.com ${flags} --reason "wrong" --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain(sentence);
  expect(await rows('manual_subscriptions')).toEqual([]);
});

test('the playbook’s own spelling works; support may not', async () => {
  const { lucy, done, show } = await sofiaWorld();

  expect((await lucy(`${set} --yes`, staff('support'))).code).toBe(3);
  await done('set-subscription --email sofia@firm.com --type Monthly --status active --reason "by invoice"');

  expect(await show()).toMatchObject({ tier: 'pro' });
});
