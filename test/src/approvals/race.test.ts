import { expect, test } from 'vitest';
import { systemClock } from '#src/core/clock.ts';
import { terminalActor } from '#src/policy/people.ts';
import { raceSettings } from '#test/world/race-settings.ts';
import { runProgram } from '#test/world/run-program.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

test('three processes that approve at the same moment do each act once, and know who won', async () => {
  const world = await terminalWorld({ settings: raceSettings });
  const as = (user: string) => terminalActor(raceSettings, user);
  // The other processes live in the present.
  world.clock.set(systemClock.now());
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes', as('ada'));
  const approvals: string[] = [];
  for (let count = 1; count <= 6; count++) {
    const line = `credits grant sofia@firm.com ${count} --reason "lost upload" --yes --json`;
    approvals.push((await world.lucy(line, as('sam'))).json<{ approval: string }>().approval);
  }
  const startAt = String(systemClock.now() + 2_500);

  const ended = await Promise.all(
    ['bea', 'bo', 'ada'].map((user) => runProgram('approve', [world.url, user, startAt, ...approvals])),
  );

  const outcomes = ended.map(({ out }) => out.trim().split('\n'));
  for (const index of approvals.keys()) {
    const row = outcomes.map((lines) => lines[index]);
    expect(row.filter((word) => word === 'approved')).toHaveLength(1);
    expect(row.filter((word) => word === 'conflict')).toHaveLength(2);
  }
  expect(await world.database.knex('approval_votes')).toHaveLength(approvals.length);
  expect(await world.database.knex('credit_accounts').first('balance')).toEqual({ balance: 21 });
});
