import { expect, test } from 'vitest';
import { billingWorld, sofia } from '#test/world/billing-world.ts';
import { runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { events } from '#test/world/stripe-truth.ts';
import { staff } from '#test/world/terminal-world.ts';

const reset = 'tier reset sofia@firm.com --reason "upgrade arrived"';

test('the subscription decides again at once, and Stripe is asked anew', async () => {
  const { truth, receive, drain, lucy, show, database, logs } = await billingWorld();
  await receive(events.subscription('updated', truth.subscribe(sofia.stripe, 'price_A')));
  await drain();
  await lucy('tier set sofia@firm.com enterprise --until 7d --reason "trial" --yes');

  const preview = await lucy(`${reset} --dry-run`);
  const typed = await lucy(`${reset} --yes`);

  expect(preview.out).toContain('Tier: enterprise → starter');
  expect(typed.out).toContain('The subscription decides the tier of sofia@firm.com again: starter.');
  expect(await show(sofia.email)).toMatchObject({ tier: 'starter', tierSource: 'subscription' });
  expect(logs.filter((line) => line.action === 'tier_reset')).toHaveLength(1);
  const [sync] = await database.knex('customer_sync');
  expect(sync.dirty_seq).toBeGreaterThan(sync.synced_seq);
  expect(sync.priority).toBe(0);
  expect(await database.knex('timers').where({ kind: 'override_expiry' })).toEqual([]);
});

test('undo sets the tier by hand again, until the same moment', async () => {
  const { done, show } = await sofiaWorld();
  await done('tier set sofia@firm.com pro --until 7d --reason "trial"');

  await done(`undo ${runOf(await done(reset))} --reason "too early"`);

  expect(await show()).toMatchObject({
    tier: 'pro',
    tierReason: expect.stringContaining('until 2026-11-28 09:00 UTC'),
  });
});

test('with nothing set by hand it only asks Stripe, changes no tier, and has nothing to undo', async () => {
  const { done, lucy, rows } = await sofiaWorld();
  await done('customer link sofia@firm.com cus_1 --reason "hers"');

  const typed = await done(reset);
  const again = await done(reset);

  expect(typed.out).toContain('cus_1 is asked anew');
  expect(await rows('entitlement_changes')).toEqual([]);
  const undo = await lucy(`undo ${runOf(again)} --reason "try" --yes`);
  expect(undo.code).toBe(1);
  expect(undo.err).toContain('No tier was set by hand, so there is nothing to take back.');
});

test('an unmapped price holds what was paid for before, not what staff gave, and the preview says why', async () => {
  const { truth, receive, drain, lucy, show } = await billingWorld();
  const subscription = truth.subscribe(sofia.stripe, 'price_A');
  await receive(events.subscription('created', subscription));
  await drain();
  await lucy('tier set sofia@firm.com pro --reason "new price is coming" --yes');
  Object.assign(subscription.items[0] ?? {}, { priceId: 'price_unknown', lookupKey: null });
  await receive(events.subscription('updated', subscription));
  await drain();

  const preview = await lucy(`${reset} --dry-run`);
  await lucy(`${reset} --yes`);

  expect(preview.out).toContain('Tier: pro → starter');
  expect(preview.out).toContain(
    'Nothing maps price_unknown, so the subscription gives what it gave before: starter.',
  );
  expect((await show(sofia.email)).tier).toBe('starter');
});

test('an unknown customer exits 5, someone without the role 3', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy('tier reset nobody@firm.com --reason "who" --yes')).code).toBe(5);
  expect((await lucy(`${reset} --yes`, staff('oncall'))).code).toBe(3);
});
