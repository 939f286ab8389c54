import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Role } from '#src/core/actor.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { policyCrossChecks } from '#src/core/settings-cross-checks.ts';
import { type Judged, judge } from '#src/policy/judge.ts';
import type { Measures } from '#src/policy/measures.ts';
import { type DayUsage, nothingYet, type Usage } from '#src/policy/usage.ts';
import { staff } from '#test/world/terminal-world.ts';

const unset = settingsSchema.parse({});
const grant: Judged = { name: 'credits grant', allowed: ['support', 'billing'], effect: 'moves value' };
const setTier: Judged = { name: 'tier set', allowed: ['support', 'billing'], effect: 'reversible' };
const refund: Judged = { name: 'refund request', allowed: ['support', 'billing'], effect: 'moves value' };
const fresh: Usage = { person: nothingYet, customer: nothingYet };
const day = 24 * 3_600_000;

const sam = { ...staff('support'), name: 'Sam' };
const bea = { ...staff('billing'), name: 'Bea' };
const ada = { ...staff('admin'), name: 'Ada' };

/** `one click`, `1 billing`, `refused`. */
function said(verdict: ReturnType<typeof judge>): string {
  if (verdict.kind === 'approval') return `${verdict.count} ${verdict.role}`;
  return verdict.kind === 'allowed' ? 'one click' : 'refused';
}

test.each([
  [sam, 500, 'one click'],
  [sam, 501, '1 billing'],
  [bea, 501, 'one click'],
  [bea, 5_000, 'one click'],
  [bea, 5_001, '1 billing'],
  [ada, 50_000, 'one click'],
  [ada, 50_001, '1 billing'],
  [sam, 100_000, '1 billing'],
  [sam, 100_001, '2 billing'],
  [ada, 1_000_000, '2 billing'],
  [ada, 1_000_001, 'refused'],
])('unless the settings say else: $0.name grants %i credits: %s', (who, credits, outcome) => {
  expect(said(judge(unset, grant, who, { credits }, fresh))).toBe(outcome);
});

test.each<[typeof sam, Measures, string]>([
  [sam, { tier: 'pro', lastsMs: 30 * day }, 'one click'],
  [sam, { tier: 'pro', lastsMs: 30 * day + 1 }, '1 billing'],
  [sam, { tier: 'pro', lastsMs: null }, '1 billing'],
  [sam, { tier: 'enterprise', lastsMs: day }, '1 billing'],
  [bea, { tier: 'enterprise', lastsMs: 366 * day }, 'one click'],
  [bea, { tier: 'enterprise', lastsMs: null }, '1 billing'],
  [ada, { tier: 'enterprise', lastsMs: null }, 'one click'],
  [bea, { tier: 'unheard-of', lastsMs: day }, '1 billing'],
])('unless the settings say else: $0.name sets a tier %j: %s', (who, measures, outcome) => {
  expect(said(judge(unset, setTier, who, measures, fresh))).toBe(outcome);
});

test.each<[Measures['money'], string]>([
  [{ amount: 1, currency: 'usd' }, '1 billing'],
  [{ amount: 50_000, currency: 'usd' }, '1 billing'],
  [{ amount: 50_001, currency: 'usd' }, '2 billing'],
  [{ amount: 75_000, currency: 'jpy' }, '1 billing'],
  [{ amount: 75_001, currency: 'jpy' }, '2 billing'],
  [{ amount: 1, currency: 'isk' }, '2 billing'],
  [undefined, '2 billing'],
])('unless the settings say else: a refund of %j always asks: %s', (money, outcome) => {
  for (const who of [sam, bea, ada]) {
    const verdict = judge(unset, refund, who, money ? { money } : {}, fresh);
    expect(said(verdict)).toBe(outcome);
    expect(verdict).toMatchObject({ mayBreakGlass: false, channel: 'approvals', expiresMs: day });
  }
});

test.each<[Measures['ends'], string]>([
  ['period_end', 'one click'],
  ['now', '1 billing'],
  [undefined, '1 billing'],
])('unless the settings say else: what ends %s takes %s', (ends, outcome) => {
  const cancel: Judged = { name: 'subscription cancel', allowed: ['billing'], effect: 'destructive' };
  for (const who of [bea, ada]) {
    const verdict = judge(unset, cancel, who, ends ? { ends } : {}, fresh);
    expect(said(verdict)).toBe(outcome);
  }
  expect(said(judge(unset, cancel, sam, { ends: 'period_end' }, fresh))).toBe('refused');
});

test.each([
  [sam, 'customer lock', '1 billing'],
  [bea, 'customer lock', 'one click'],
  [ada, 'customer lock', 'one click'],
  [sam, 'customer unlock', '1 billing'],
  [bea, 'customer unlock', '1 billing'],
  [ada, 'customer unlock', '1 billing'],
])('unless the settings say else: $0.name runs “$1”: $2', (who, name, outcome) => {
  const command: Judged = { name, allowed: ['support', 'billing', 'oncall'], effect: 'destructive' };
  expect(said(judge(unset, command, who, {}, fresh))).toBe(outcome);
});

test('the sentence stands alone, names the limit and the amount, and every milder step says why it did not fit', () => {
  const why = (who: typeof sam, command: Judged, measures: Measures, usage = fresh) =>
    judge(unset, command, who, measures, usage).why;

  expect(why(sam, grant, { credits: 900 })).toBe(
    'Sam may run “credits grant” alone up to 500 credits; this is 900 credits, so it needs one approval by billing.',
  );
  expect(why(sam, grant, { credits: 100 })).toBe(
    'Sam may run “credits grant” alone up to 500 credits, up to 2,000 credits a day and up to 1,000 credits a day for one customer.',
  );
  expect(why(sam, setTier, { tier: 'pro', lastsMs: null })).toBe(
    'Sam may run “tier set” alone for up to 30 days; this has no end, so it needs one approval by billing.',
  );
  expect(why(sam, refund, { money: { amount: 4_000, currency: 'usd' } })).toBe(
    '“refund request” of $40.00 needs one approval by billing.',
  );
  expect(why(sam, refund, { money: { amount: 60_000, currency: 'usd' } })).toBe(
    'Sam may run “refund request” with one approval by billing up to $500.00; this is $600.00, so it needs 2 approvals by billing.',
  );
  expect(judge(unset, grant, ada, { credits: 200_000 }, fresh)).toMatchObject({
    step: 5,
    passed: [
      expect.stringContaining('up to 500 credits; this is 200,000 credits'),
      expect.stringContaining('up to 5,000 credits'),
      expect.stringContaining('up to 50,000 credits'),
      expect.stringContaining('with one approval by billing up to 100,000 credits'),
    ],
  });
  expect(judge(unset, grant, sam, { credits: 2_000_000 }, fresh)).toMatchObject({
    kind: 'refused',
    why: 'Sam may run “credits grant” with 2 approvals by billing up to 1,000,000 credits; this is 2,000,000 credits, so nobody may allow it.',
    hint: expect.stringContaining('Ask for less'),
  });
});

const used = (patch: Partial<DayUsage>): DayUsage => ({ ...nothingYet, ...patch });

test.each<[string, Usage, number, string, string]>([
  [
    'exactly the day’s rest',
    { person: used({ credits: 1_900 }), customer: nothingYet },
    100,
    'one click',
    'alone',
  ],
  [
    'one more than that',
    { person: used({ credits: 1_900 }), customer: nothingYet },
    101,
    '1 billing',
    'up to 2,000 credits a day; with this it would be 2,001 credits today',
  ],
  [
    'one more for the customer',
    { person: nothingYet, customer: used({ credits: 900 }) },
    101,
    '1 billing',
    'up to 1,000 credits a day for one customer; with this it would be 1,001 credits today',
  ],
])('what was done today counts: %s', (_what, usage, credits, outcome, why) => {
  const verdict = judge(unset, grant, sam, { credits }, usage);

  expect(said(verdict)).toBe(outcome);
  expect(verdict.why).toContain(why);
});

test('so many a day, and so much money a day and customer', () => {
  const settings = settingsSchema.parse({
    policy: {
      'credits grant': {
        steps: [{ up_to: { per_person_day: { runs: 2 }, per_customer_day: { money: { usd: 10.5 } } } }],
      },
    },
  });
  const ask = (runs: number, spent: number, money: Measures['money']) =>
    said(
      judge(settings, grant, sam, money ? { money } : {}, {
        person: used({ runs }),
        customer: used({ money: { usd: spent } }),
      }),
    );

  expect(ask(1, 0, { amount: 1_050, currency: 'usd' })).toBe('one click');
  expect(ask(2, 0, { amount: 1_050, currency: 'usd' })).toBe('refused');
  expect(ask(1, 1, { amount: 1_050, currency: 'usd' })).toBe('refused');
  expect(ask(1, 0, { amount: 1, currency: 'eur' })).toBe('refused');
  expect(ask(1, 0, undefined)).toBe('refused');
});

test('what nobody measured fits no bound', () => {
  expect(said(judge(unset, grant, sam, {}, fresh))).toBe('refused');
  expect(said(judge(unset, setTier, sam, { tier: 'pro' }, fresh))).toBe('1 billing');
  expect(said(judge(unset, setTier, sam, { lastsMs: day }, fresh))).toBe('1 billing');
  expect(judge(unset, grant, sam, {}, fresh).why).toContain('how many this is, nobody said');
});

test('what moves value or destroys and has no steps anywhere is refused to everybody; what can be undone is one click', () => {
  const command = (effect: Judged['effect']): Judged => ({ name: 'test it', allowed: ['support'], effect });

  for (const effect of ['moves value', 'destructive'] as const) {
    expect(judge(unset, command(effect), ada, {}, fresh)).toMatchObject({
      kind: 'refused',
      hint: expect.stringContaining('Ask an admin to say under policy:'),
    });
  }
  expect(said(judge(unset, command('reversible'), sam, {}, fresh))).toBe('one click');
  expect(said(judge(unset, command('reversible'), staff('oncall'), {}, fresh))).toBe('refused');
});

test('a rule of the settings replaces the whole default, with its channel, its expiry and its break-glass', () => {
  const settings = settingsSchema.parse({
    approvals: { expires: '8h' },
    policy: {
      'credits grant': {
        steps: [{ approvers: { role: 'admin', count: 3 } }],
        channel: 'billing',
        break_glass: false,
      },
      'tier set': { steps: [{ approvers: { role: 'oncall' } }], expires: '2h' },
    },
  });

  expect(judge(settings, grant, ada, { credits: 1 }, fresh)).toMatchObject({
    kind: 'approval',
    role: 'admin',
    count: 3,
    channel: 'billing',
    expiresMs: 8 * 3_600_000,
    mayBreakGlass: false,
    step: 1,
  });
  expect(judge(settings, setTier, sam, {}, fresh)).toMatchObject({
    role: 'oncall',
    channel: 'approvals',
    expiresMs: 2 * 3_600_000,
    mayBreakGlass: true,
  });
});

test('a step for other people is passed over in silence, and one that has none for you is a refusal', () => {
  const settings = settingsSchema.parse({ policy: { 'credits grant': { steps: [{ roles: ['billing'] }] } } });

  expect(judge(settings, grant, sam, { credits: 1 }, fresh)).toMatchObject({
    kind: 'refused',
    why: 'The policy has no step of “credits grant” for Sam, who has support.',
  });
  expect(said(judge(settings, grant, bea, { credits: 1 }, fresh))).toBe('one click');
});

const roleOf = fc.constantFrom<Role>('support', 'billing', 'oncall', 'admin');
const boundsOf = fc.record(
  {
    credits: fc.nat(1_000),
    money: fc.dictionary(fc.constantFrom('usd', 'eur', 'jpy'), fc.nat(1_000)),
    tier: fc.constantFrom('free', 'starter', 'pro', 'enterprise'),
    lasts: fc.integer({ min: 1, max: 400 }).map((days) => `${days}d`),
    per_person_day: fc.record({ credits: fc.nat(2_000), runs: fc.nat(5) }),
    per_customer_day: fc.record({ credits: fc.nat(2_000) }),
  },
  { requiredKeys: ['credits'] },
);
const stepOf = fc.record(
  {
    roles: fc.array(roleOf, { minLength: 1, maxLength: 2 }),
    up_to: boundsOf,
    approvers: fc.record({ role: roleOf, count: fc.integer({ min: 1, max: 3 }) }),
  },
  { requiredKeys: [] },
);
const rulesOf = fc
  .array(stepOf, { maxLength: 5 })
  .map((steps) => steps.toSorted((a, b) => (a.approvers?.count ?? 0) - (b.approvers?.count ?? 0)));
const measuresOf = fc.record({
  credits: fc.nat(2_000),
  money: fc.record({ amount: fc.nat(200_000), currency: fc.constantFrom('usd', 'eur', 'jpy', 'isk') }),
  tier: fc.constantFrom('free', 'starter', 'pro', 'enterprise'),
  lastsMs: fc.option(fc.integer({ min: 0, max: 500 * day })),
});
const usageOf = fc
  .record({ credits: fc.nat(2_000), runs: fc.nat(6) })
  .map((some) => ({ person: used(some), customer: used(some) }));
const actorOf = fc.uniqueArray(roleOf, { maxLength: 3 }).map((held) => staff(...held));

const strictness = (verdict: ReturnType<typeof judge>) =>
  verdict.kind === 'refused' ? 9 : verdict.kind === 'approval' ? verdict.count : 0;

const ranks = ['free', 'starter', 'pro', 'enterprise'];

test('more is never judged milder than less, under any rule that the settings take', () => {
  fc.assert(
    fc.property(rulesOf, actorOf, measuresOf, measuresOf, usageOf, (steps, who, one, other, usage) => {
      const settings = settingsSchema.parse({ policy: { 'credits grant': { steps } } });
      expect(policyCrossChecks(settings)).toEqual([]);
      const less: Measures = one;
      const more: Measures = {
        credits: Math.max(one.credits, other.credits),
        money: { ...one.money, amount: Math.max(one.money.amount, other.money.amount) },
        tier: ranks[Math.max(ranks.indexOf(one.tier), ranks.indexOf(other.tier))] ?? one.tier,
        lastsMs: one.lastsMs === null || other.lastsMs === null ? null : Math.max(one.lastsMs, other.lastsMs),
      };
      expect(strictness(judge(settings, grant, who, more, usage))).toBeGreaterThanOrEqual(
        strictness(judge(settings, grant, who, less, usage)),
      );
    }),
    { numRuns: 2_000 },
  );
});

test('more done today is never judged milder either', () => {
  fc.assert(
    fc.property(rulesOf, actorOf, measuresOf, usageOf, fc.nat(500), (steps, who, measures, usage, extra) => {
      const settings = settingsSchema.parse({ policy: { 'credits grant': { steps } } });
      const add = (one: DayUsage) => ({ ...one, credits: one.credits + extra, runs: one.runs + 1 });
      const later = { person: add(usage.person), customer: add(usage.customer) };
      expect(strictness(judge(settings, grant, who, measures, later))).toBeGreaterThanOrEqual(
        strictness(judge(settings, grant, who, measures, usage)),
      );
    }),
    { numRuns: 1_000 },
  );
});

test('denying somebody more never allows more, and nobody who is refused ever passes', () => {
  const entries = fc.array(fc.constantFrom('support', 'billing', 'oncall', 'admin', 'ada', 'U0ADA'));
  fc.assert(
    fc.property(rulesOf, actorOf, measuresOf, entries, entries, (steps, who, measures, never, more) => {
      const verdict = (denied: string[], actor = who) =>
        judge(
          settingsSchema.parse({ policy: { 'credits grant': { steps, never: denied } } }),
          grant,
          actor,
          measures,
          fresh,
        );
      expect(strictness(verdict([...never, ...more]))).toBeGreaterThanOrEqual(strictness(verdict(never)));
      expect(verdict(never, { ...who, refusal: 'Guests may not use Lucy.' }).kind).toBe('refused');
      if (who.roles.some((role) => never.includes(role))) expect(verdict(never).kind).toBe('refused');
    }),
    { numRuns: 1_000 },
  );
});
