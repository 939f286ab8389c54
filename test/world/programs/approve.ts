import { setTimeout as pause } from 'node:timers/promises';
import { commands } from '#commands/index.ts';
import { openDatabase } from '#db/connection.ts';
import { systemClock } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { terminalActor } from '#src/policy/people.ts';
import { approve } from '#src/runner/answer-approval.ts';
import { raceSettings } from '../race-settings.ts';

/**
 * Approves the approvals argv[5…] as the terminal user argv[3], each at the moment at which the other processes do, too:
 * the first at argv[4], the others 150 ms apart. Prints what came of each.
 */
const [, , url = '', user = '', startAt = '0', ...approvalIds] = process.argv;
const database = openDatabase(url, { busyTimeoutMs: 5_000 });
const runner = {
  database,
  settings: raceSettings,
  clock: systemClock,
  log: createLog('silent'),
  mode: 'test' as const,
  stripe: null,
  commands,
};
const actor = terminalActor(raceSettings, user);
for (const [index, approvalId] of approvalIds.entries()) {
  await pause(Math.max(0, Number(startAt) + index * 150 - systemClock.now()));
  try {
    await approve(runner, { approvalId, seenBasis: null, actor, surface: 'terminal', place: null });
    process.stdout.write('approved\n');
  } catch (error) {
    process.stdout.write(`${error instanceof Error && 'code' in error ? error.code : error}\n`);
  }
}
await database.close();
