import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testEngine } from '#test/world/fresh-database.ts';
import { factsOf, violations } from './history-checks.ts';
import { eras, ids } from './history-people.ts';
import { type HistoryWorld, historyWorld, type Step } from './history-world.ts';

const who = fc.constantFrom(...ids);
/** Whoever may ask does it often, else nothing waits for an answer. */
const asker = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ids.slice(0, 6)) },
  { weight: 1, arbitrary: who },
);
/** Else hardly anything is ever approved. */
const answerer = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...ids.filter((id) => /bea|bo|ada/i.test(id))) },
  { weight: 1, arbitrary: who },
);
const nth = fc.nat(3);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      who: asker,
      count: fc.constantFrom(10, 20, 40, 50, 60, 100, 101),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('set tier' as const),
      who: asker,
      tier: fc.constantFrom('starter', 'pro', 'enterprise'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('confirm' as const), who, run: nth }) },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('approve' as const),
      who: fc.array(answerer, { minLength: 1, maxLength: 3 }),
      approval: nth,
      seen: fc.constantFrom('shown' as const, 'shown' as const, 'outdated' as const, 'not said' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('deny' as const, 'withdraw' as const), who, approval: nth }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('policy' as const), era: fc.nat(eras.length - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pass' as const), hours: fc.constantFrom(0.1, 1, 25) }),
  },
);

type History = { era: number; steps: Step[] };
const history: fc.Arbitrary<History> = fc.record({
  era: fc.nat(eras.length - 1),
  steps: fc.array(step, { minLength: 4, maxLength: 20, size: 'max' }),
});

/** What was found once, and is played each time. */
const found: readonly History[] = [
  // Asked under an id that was nobody’s yet, approved when it was Sam’s: it counts in Sam’s day, whichever id comes next.
  {
    era: 4,
    steps: [
      { do: 'ask', who: 'slack:U0SAM00001', count: 101 },
      { do: 'policy', era: 1 },
      { do: 'approve', who: ['terminal:bo', 'terminal:bea'], approval: 0, seen: 'shown' },
      { do: 'ask', who: 'terminal:sam', count: 50 },
    ],
  },
];

/** Plays a history and checks after every step. */
async function play(
  world: HistoryWorld,
  { era, steps }: History,
  seen: Record<string, number>,
): Promise<void> {
  await world.begin(era);
  let before = await factsOf(world);
  for (const [index, taken] of steps.entries()) {
    await world.take(taken);
    const after = await factsOf(world);
    expect(
      violations(world.era(), taken, before, after),
      `after step ${index + 1}: ${JSON.stringify(taken)}`,
    ).toEqual([]);
    before = after;
  }
  for (const { state } of before.approvals) seen[state] = (seen[state] ?? 0) + 1;
  const alone = before.runs.filter(
    (run) => run.state === 'done' && !before.approvals.some((approval) => approval.run_id === run.id),
  );
  seen.alone = (seen.alone ?? 0) + alone.length;
}

test('whoever asks, approves, denies, withdraws or waits in whatever order: nobody approves their own, and nothing is done twice', {
  timeout: 180_000,
}, async () => {
  const world = await historyWorld();
  const seen: Record<string, number> = {};
  const isFast = testEngine === 'sqlite';
  // Nothing here is about a power cut, and each history has dozens of commits.
  if (isFast) await world.database.knex.raw('pragma synchronous = off');

  await fc.assert(
    fc.asyncProperty(history, (played) => play(world, played, seen)),
    {
      numRuns: isFast ? 150 : 15,
      endOnFailure: false,
      unbiased: true,
      examples: found.map((each): [History] => [each]),
    },
  );

  // Every end was reached, else the checks had nothing to check; the few histories that a server plays may miss one.
  expect(seen.approved).toBeGreaterThanOrEqual(isFast ? 15 : 1);
  const others = isFast ? ['denied', 'cancelled', 'expired', 'pending', 'alone'] : ['pending', 'alone'];
  for (const end of others) expect(seen[end] ?? 0, end).toBeGreaterThanOrEqual(1);
});
