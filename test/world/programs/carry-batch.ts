import { commands } from '#commands/index.ts';
import { openDatabase } from '#db/connection.ts';
import { carryBatches } from '#src/batches/carry-batch.ts';
import { systemClock } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { batchDepsOf } from '../batch-deps.ts';

/** Carries batches as a worker does. With argv[3] it is killed when so many commits are made, in the midst of the next. */
const [, , url = '', killAfter = ''] = process.argv;
const database = openDatabase(url, { busyTimeoutMs: 5_000 });
const deps = batchDepsOf({
  database,
  settings: sampleSettings,
  clock: systemClock,
  log: createLog('silent'),
  mode: 'test',
  stripe: null,
  commands,
});
let commits = 0;
while (
  (await carryBatches({
    ...deps,
    crashPoint(name) {
      if (name === 'lines committed') commits++;
      if (name === 'lines about to commit' && killAfter !== '' && commits >= Number(killAfter))
        process.kill(process.pid, 'SIGKILL');
    },
  })) > 0
);
process.stdout.write(`${commits} commits\n`);
await database.close();
