import { expect, test } from 'vitest';
import { HOUR_MS } from '#src/core/clock.ts';
import { settingsSchema } from '#src/core/settings.ts';
import {
  deriveEntitlement,
  type EntitlementInputs,
  type SubscriptionFacts,
} from '#src/entitlements/derive.ts';
import type { SubscriptionItem } from '#src/subscriptions/item.ts';
import { testStart } from '#test/world/test-clock.ts';

const settings = settingsSchema.parse({
  plans: [
    { tier: 'starter', lookup_key: 'starter' },
    { tier: 'pro', lookup_key: 'pro' },
    { tier: 'enterprise', product: 'prod_enterprise' },
  ],
});
const now = testStart;

const item = (lookupKey: string | null, patch: Partial<SubscriptionItem> = {}): SubscriptionItem => ({
  priceId: `price_${lookupKey ?? 'unknown'}`,
  lookupKey,
  productId: null,
  productTier: null,
  quantity: 1,
  periodStart: null,
  periodEnd: null,
  ...patch,
});

const subscription = (
  items: SubscriptionItem[],
  patch: Partial<SubscriptionFacts> = {},
): SubscriptionFacts => ({
  id: 'sub_1',
  status: 'active',
  items,
  isCollectionPaused: false,
  cancelAt: null,
  pendingItems: [],
  pendingAt: null,
  ...patch,
});

const derive = (patch: Partial<EntitlementInputs>, with_ = settings) =>
  deriveEntitlement(with_, {
    now,
    paidTier: 'free',
    subscriptions: [],
    manual: null,
    override: null,
    graces: [],
    openDisputes: [],
    lock: null,
    ...patch,
  });

test('without anything a customer has the lowest tier', () => {
  expect(derive({})).toMatchObject({ tier: 'free', access: 'full', source: 'default', sourceRef: null });
});

test('a new price under a known lookup key is the same tier, without a change of settings (row 26)', () => {
  const fresh = item('pro', { priceId: 'price_brand_new' });

  expect(derive({ subscriptions: [subscription([fresh])] })).toMatchObject({
    tier: 'pro',
    unmappedPrices: [],
  });
});

test('an item is mapped by price, then lookup key, then product, then the product’s own word (row 26)', () => {
  const mapped = settingsSchema.parse({
    plans: [
      { tier: 'enterprise', product: 'prod_1' },
      { tier: 'starter', lookup_key: 'key_1' },
      { tier: 'pro', price: 'price_1' },
    ],
  });
  const tierOf = (patch: Partial<SubscriptionItem>) =>
    derive({ subscriptions: [subscription([item(null, patch)])] }, mapped).tier;

  expect(tierOf({ priceId: 'price_1', lookupKey: 'key_1', productId: 'prod_1' })).toBe('pro');
  expect(tierOf({ lookupKey: 'key_1', productId: 'prod_1' })).toBe('starter');
  expect(tierOf({ productId: 'prod_1', productTier: 'pro' })).toBe('enterprise');
  expect(tierOf({ productTier: 'pro' })).toBe('pro');
  expect(tierOf({ productTier: 'unheard-of' })).toBe('free');
});

test('an unmapped price never lowers the tier, and is named (row 27)', () => {
  const unmapped = [subscription([item(null)])];

  expect(derive({ subscriptions: unmapped, paidTier: 'pro' })).toMatchObject({
    tier: 'pro',
    source: 'subscription',
    unmappedPrices: ['price_unknown'],
  });
  expect(derive({ subscriptions: unmapped, paidTier: 'free' })).toMatchObject({ tier: 'free' });
  expect(
    derive({
      subscriptions: [...unmapped, subscription([item('pro')], { id: 'sub_2' })],
      paidTier: 'starter',
    }),
  ).toMatchObject({ tier: 'pro', unmappedPrices: ['price_unknown'] });
});

test('an unmapped price of a subscription that does not count holds nothing', () => {
  const ended = subscription([item(null)], { status: 'canceled' });

  expect(derive({ subscriptions: [ended], paidTier: 'pro' })).toMatchObject({
    tier: 'free',
    unmappedPrices: [],
  });
});

test('the plan may be any item of a subscription (row 28)', () => {
  const addOnFirst = subscription([item(null, { priceId: 'price_seats' }), item('pro')]);

  expect(derive({ subscriptions: [addOnFirst] })).toMatchObject({
    tier: 'pro',
    unmappedPrices: ['price_seats'],
  });
});

test('of several subscriptions the highest counts, and the duplicate is named (row 29)', () => {
  const both = [subscription([item('pro')]), subscription([item('starter')], { id: 'sub_2' })];

  for (const subscriptions of [both, [...both].reverse()])
    expect(derive({ subscriptions })).toMatchObject({
      tier: 'pro',
      sourceRef: 'sub_1',
      duplicates: ['sub_1', 'sub_2'],
    });
  expect(
    derive({
      subscriptions: [
        both[0] ?? subscription([]),
        subscription([item('pro')], { id: 'sub_3', status: 'canceled' }),
      ],
    }).duplicates,
  ).toEqual([]);
});

test('a scheduled downgrade is pending, and changes nothing until its day (row 30)', () => {
  const at = now + 10 * HOUR_MS;
  const downgrade = subscription([item('pro')], { pendingItems: [item('starter')], pendingAt: at });
  const ending = subscription([item('pro')], { cancelAt: at });
  const endingBesideAnother = [ending, subscription([item('starter')], { id: 'sub_2' })];

  expect(derive({ subscriptions: [downgrade] })).toMatchObject({
    tier: 'pro',
    pendingTier: 'starter',
    pendingAt: at,
  });
  expect(derive({ subscriptions: [ending] })).toMatchObject({
    tier: 'pro',
    pendingTier: 'free',
    pendingAt: at,
  });
  expect(derive({ subscriptions: endingBesideAnother })).toMatchObject({
    pendingTier: 'starter',
    pendingAt: at,
  });
});

test.each([
  ['active', 'free', 'free'],
  ['active', 'keep', 'pro'],
  ['paused', 'free', 'free'],
  ['paused', 'keep', 'pro'],
  ['past_due', 'keep', 'free'],
])('collection paused while %s, policy %s: %s (row 31)', (status, paused, tier) => {
  const policy = settingsSchema.parse({ plans: settings.plans, billing: { paused } });
  const isCollectionPaused = status !== 'paused';

  expect(
    derive({ subscriptions: [subscription([item('pro')], { status, isCollectionPaused })] }, policy).tier,
  ).toBe(tier);
});

test.each([
  ['active', 'pro'],
  ['trialing', 'pro'],
  ['incomplete', 'free'],
  ['incomplete_expired', 'free'],
  ['unpaid', 'free'],
  ['canceled', 'free'],
  ['past_due', 'free'],
  ['a_status_of_tomorrow', 'free'],
])('a subscription that is %s gives %s (row 32)', (status, tier) => {
  expect(derive({ subscriptions: [subscription([item('pro')], { status })] }).tier).toBe(tier);
});

test('past due keeps its tier while a grace of its own is open, to the millisecond', () => {
  const subscriptions = [subscription([item('pro')], { status: 'past_due' })];
  const grace = (deadlineAt: number, subscriptionId = 'sub_1') => [{ subscriptionId, deadlineAt }];

  expect(derive({ subscriptions, graces: grace(now + 1) })).toMatchObject({
    tier: 'pro',
    access: 'grace',
    graceDeadlineAt: now + 1,
  });
  expect(derive({ subscriptions, graces: grace(now) })).toMatchObject({ tier: 'free', access: 'full' });
  expect(derive({ subscriptions, graces: grace(now + HOUR_MS, 'sub_other') }).tier).toBe('free');
});

test('of two equal subscriptions the one that is paid counts, so access is full', () => {
  const subscriptions = [
    subscription([item('pro')], { status: 'past_due' }),
    subscription([item('pro')], { id: 'sub_2' }),
  ];

  expect(
    derive({ subscriptions, graces: [{ subscriptionId: 'sub_1', deadlineAt: now + HOUR_MS }] }),
  ).toMatchObject({
    access: 'full',
    sourceRef: 'sub_2',
  });
});

test('an override replaces the tier until its very moment, and shows what comes after (row 34)', () => {
  const subscriptions = [subscription([item('pro')])];
  const override = (expiresAt: number | null) => ({ id: 'ovr_1', tier: 'enterprise', expiresAt });

  expect(derive({ subscriptions, override: override(now + 1) })).toMatchObject({
    tier: 'enterprise',
    source: 'override',
    pendingTier: 'pro',
    pendingAt: now + 1,
  });
  expect(derive({ subscriptions, override: override(now) })).toMatchObject({
    tier: 'pro',
    source: 'subscription',
  });
  expect(derive({ subscriptions, override: override(null) })).toMatchObject({
    tier: 'enterprise',
    pendingTier: null,
  });
  expect(derive({ subscriptions, override: { id: 'ovr_2', tier: 'free', expiresAt: null } }).tier).toBe(
    'free',
  );
});

test('a manual subscription counts while it is active and has not ended', () => {
  const manual = (status: string, endsAt: number | null) => ({ id: 'man_1', tier: 'pro', status, endsAt });

  expect(derive({ manual: manual('active', null) })).toMatchObject({ tier: 'pro', source: 'manual' });
  expect(derive({ manual: manual('active', now + 1) }).tier).toBe('pro');
  expect(derive({ manual: manual('active', now) }).tier).toBe('free');
  expect(derive({ manual: manual('paused', null) }).tier).toBe('free');
  expect(derive({ manual: manual('canceled', null) }).tier).toBe('free');
});

test('the same inputs give the same answer, and the order of subscriptions gives no other', () => {
  const subscriptions = ['starter', 'pro', null].map((key, index) =>
    subscription([item(key)], { id: `sub_${index}` }),
  );
  const inputs = { subscriptions, paidTier: 'starter' };

  expect(derive(inputs)).toEqual(derive(inputs));
  expect(derive({ ...inputs, subscriptions: [...subscriptions].reverse() })).toEqual(derive(inputs));
});
