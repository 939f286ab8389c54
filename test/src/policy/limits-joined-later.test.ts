import { expect, test } from 'vitest';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { slackActor, terminalActor } from '#src/policy/people.ts';
import { type TerminalWorld, terminalWorld } from '#test/world/terminal-world.ts';

const sam = ['U0SAM00001', 'U0SAM00002'] as const;
const waiting = 4;

function settings(people: Record<string, unknown>): Settings {
  return settingsSchema.parse({
    roles: { support: { members: [...sam] }, billing: { members: ['U0BEA00001', 'U0BO000001'] } },
    people: { ...people, ada: { name: 'Ada', terminal: 'ada', roles: ['admin'] } },
    policy: {
      'credits grant': {
        steps: [
          { up_to: { credits: 100, per_person_day: { credits: 150 } } },
          { approvers: { role: 'billing', count: 1 } },
        ],
      },
    },
  });
}

const unjoined = settings({});
const joined = settings({ sam: { name: 'Sam', slack: [...sam], terminal: 'sam' } });
const renamed = settings({ samuel: { name: 'Samuel', slack: [...sam], terminal: 'sam' } });

/** Lucy, who was started with some settings, and then with others, on one database. */
async function restarted(first: Settings, then: Settings) {
  const before = await terminalWorld({ settings: first });
  const after = await terminalWorld({ settings: then, given: before });
  await before.lucy('customer add sofia@firm.com --reason "a test needs her" --yes');
  const grantBy =
    ({ lucy, runner }: TerminalWorld) =>
    async (id: string, credits: number) => {
      const actor = id.startsWith('U')
        ? slackActor(runner.settings, { userId: id, name: id, groupIds: [], refusal: null })
        : terminalActor(runner.settings, id);
      return (await lucy(`credits grant sofia@firm.com ${credits} --reason "lost upload" --yes`, actor)).code;
    };
  return { before: grantBy(before), after: grantBy(after), typed: after.lucy };
}

test.each([
  ['their ids were joined', unjoined, joined, 'sam'],
  ['their ids were joined, by another of them', unjoined, joined, sam[1]],
  ['they were renamed', joined, renamed, 'sam'],
  ['their entry was taken away', joined, unjoined, sam[0]],
])('what somebody gave alone counts on the same day after %s', async (_, first, then, id) => {
  const { before, after } = await restarted(first, then);
  expect(await before(sam[0], 100)).toBe(0);

  expect(await after(id, 51)).toBe(waiting);
  // To the credit: nothing is counted twice either.
  expect(await after(id, 50)).toBe(0);
  expect(await after(id, 1)).toBe(waiting);
});

test('what several ids gave before they were joined is one sum, and policy explain tells it', async () => {
  const { before, after, typed } = await restarted(unjoined, joined);
  expect([await before(sam[0], 60), await before(sam[1], 80)]).toEqual([0, 0]);

  expect((await typed('policy explain "credits grant 11" --as sam')).out).toContain(
    '140 credits in 2 runs; 10 credits left',
  );
  expect(await after('sam', 11)).toBe(waiting);
  expect(await after('sam', 10)).toBe(0);
});
