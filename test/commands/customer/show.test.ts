import { expect, test } from 'vitest';
import { runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

test('the JSON is the contract of the design, with the last five credit events', async () => {
  const { done, show } = await sofiaWorld();
  for (let count = 1; count <= 6; count++)
    await done(`credits grant sofia@firm.com ${count} --reason "number ${count}"`);
  await done('tier set sofia@firm.com pro --until 7d --reason "trial"');

  const shown = await show();

  expect(shown).toMatchObject({
    email: 'sofia@firm.com',
    emailVerified: false,
    tier: 'pro',
    tierSource: 'override',
    tierReason: 'Set by staff until 2026-11-28 09:00 UTC: trial',
    access: 'full',
    stripeCustomer: null,
    subscriptions: [],
    credits: { balance: 21, held: 0, debt: 0 },
    entitlementChanges: [
      { from: { tier: 'free' }, to: { tier: 'pro' }, reason: 'Set to pro by hand: trial' },
    ],
  });
  expect(shown.creditEvents).toHaveLength(5);
  expect(shown.creditEvents).toMatchObject([{ amount: 6 }, { amount: 5 }, {}, {}, { amount: 2 }]);
});

test('a customer is found by a Stripe id that is linked, and told what to do by one that is not', async () => {
  const { done, lucy } = await sofiaWorld();
  runOf(await done('customer link sofia@firm.com cus_1 --reason "hers"'));

  const linked = await lucy('customer show cus_1');
  const other = await lucy('customer show cus_2');
  const nonsense = await lucy('customer show sofia --json');

  expect(linked.out).toContain('sofia@firm.com is on free with 0 credits.');
  expect(other.code).toBe(5);
  expect(other.err).toContain('customer link EMAIL cus_2');
  expect(nonsense.code).toBe(5);
  expect(nonsense.json()).toMatchObject({
    error: { code: 'not_found', message: 'There is no customer sofia.' },
  });
});

test('someone without any role sees nothing, and the attempt is audited', async () => {
  const { lucy, rows } = await sofiaWorld();

  const typed = await lucy('customer show sofia@firm.com', staff());

  expect(typed.code).toBe(3);
  expect(typed.out).toBe('');
  expect(await rows('audit_events', { outcome: 'refused' })).toMatchObject([{ command: 'customer show' }]);
});
