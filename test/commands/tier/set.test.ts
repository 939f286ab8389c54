import { expect, test } from 'vitest';
import { idIn, runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

const set = 'tier set sofia@firm.com pro --until 7d --reason "invoice is late" --ticket ZD-812';

test('a tier is set by hand, with one change row, one log line, one message and a timer', async () => {
  const { lucy, done, show, rows, logs } = await sofiaWorld();

  const preview = await lucy(`${set} --dry-run`);
  const typed = await done(set);

  expect(preview.out).toContain('Tier: free → pro');
  expect(typed.out).toContain('sofia@firm.com set to pro until 2026-11-28 09:00 UTC.');
  expect(await show()).toMatchObject({ tier: 'pro', tierSource: 'override', pendingTier: 'free' });
  expect(await rows('entitlement_changes')).toMatchObject([
    { from_tier: 'free', to_tier: 'pro', cause: 'staff', cause_ref: runOf(typed), version: 1 },
  ]);
  expect(logs.filter((line) => line.event === 'entitlement_change')).toMatchObject([
    { action: 'tier_set', correlationId: idIn(typed, 'cor'), from: { tier: 'free' }, to: { tier: 'pro' } },
  ]);
  expect(await rows('timers', { kind: 'override_expiry' })).toMatchObject([
    { due_at: Date.UTC(2026, 10, 28, 9) },
  ]);
  expect(await rows('outbox', { dedupe_key: `run:${runOf(typed)}` })).toHaveLength(1);
});

test('a later one ends the earlier, and undo puts the earlier back as it was', async () => {
  const { done, show, rows } = await sofiaWorld();
  await done(set);

  const second = await done('tier set sofia@firm.com enterprise --reason "signed on paper"');
  expect(second.out).toContain('Set by hand: pro until 2026-11-28 09:00 UTC → enterprise with no end');
  expect(await show()).toMatchObject({ tier: 'enterprise' });
  expect(await rows('overrides', { ended_at: null })).toHaveLength(1);
  expect(await rows('timers', { kind: 'override_expiry' })).toEqual([]);

  await done(`undo ${runOf(second)} --reason "not signed"`);

  expect(await show()).toMatchObject({
    tier: 'pro',
    tierReason: expect.stringContaining('until 2026-11-28 09:00'),
  });
  expect(await rows('timers', { kind: 'override_expiry' })).toMatchObject([
    { due_at: Date.UTC(2026, 10, 28, 9) },
  ]);
});

test('undo of the first one lets the subscription decide again', async () => {
  const { done, show } = await sofiaWorld();

  await done(`undo ${runOf(await done(set))} --reason "wrong customer"`);

  expect(await show()).toMatchObject({ tier: 'free', tierSource: 'default' });
});

test('the same once more is told that it is so already; the same key is one act', async () => {
  const { lucy, done, rows } = await sofiaWorld();
  await done('tier set sofia@firm.com pro --reason "trial" --idempotency-key tier-1');

  const key = await lucy('tier set sofia@firm.com pro --reason "trial" --yes --idempotency-key tier-1');
  const again = await lucy('tier set sofia@firm.com pro --reason "trial" --yes');

  expect(key.out).toContain('This was already done');
  expect(again.code).toBe(1);
  expect(again.err).toContain('sofia@firm.com has pro by hand already, with no end');
  expect(await rows('overrides')).toHaveLength(1);
});

test('a tier that is held already is pinned, and the preview says so', async () => {
  const { lucy } = await sofiaWorld();

  const preview = await lucy('tier set sofia@firm.com free --reason "pin it" --dry-run');

  expect(preview.out).toContain('sofia@firm.com is on free already; by hand it stays so');
});

test.each([
  ['platinum', '7d', 'There is no tier platinum; the tiers are free, starter, pro and enterprise.'],
  ['pro', '2026-11-20', 'is past'],
  ['pro', '2026-11-21T08:59', 'is past'],
  ['pro', 'soon', '“soon” is neither a date nor a span.'],
  ['pro', '2026-13-45', 'neither a date nor a span'],
  ['pro', '999999w', 'more than a hundred years off'],
])('tier %s until %s is refused with a sentence', async (tier, until, sentence) => {
  const { lucy, rows } = await sofiaWorld();

  const typed = await lucy(`tier set sofia@firm.com ${tier} --until ${until} --reason "wrong" --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain(sentence);
  expect(await rows('overrides')).toEqual([]);
});

test('a date alone means its whole day', async () => {
  const { done } = await sofiaWorld();

  const typed = await done('tier set sofia@firm.com pro --until 2026-11-21 --reason "today"');

  expect(typed.out).toContain('until 2026-11-22 00:00 UTC');
});

test('two members of staff at once leave one override in force', async () => {
  const { lucy, rows } = await sofiaWorld();

  const typed = await Promise.all(
    ['starter', 'pro', 'enterprise'].map((tier) =>
      lucy(`tier set sofia@firm.com ${tier} --reason "race" --yes`),
    ),
  );

  expect(typed.filter(({ code }) => code === 0).length).toBeGreaterThan(0);
  const [inForce, ...others] = await rows<{ tier: string }>('overrides', { ended_at: null });
  expect(others).toEqual([]);
  const entitlements = await rows<{ tier: string; version: number }>('entitlement_changes');
  expect(entitlements.at(-1)).toMatchObject({ to_tier: inForce?.tier });
});

test('the runbook’s own spelling sets the tier; someone without the role does not', async () => {
  const { lucy, done, show } = await sofiaWorld();

  expect((await lucy(`${set} --yes`, staff('oncall'))).code).toBe(3);
  await done('entitlements adjust --user sofia@firm.com --set-tier pro --reason "upgrade is late"');

  expect(await show()).toMatchObject({ tier: 'pro' });
});
