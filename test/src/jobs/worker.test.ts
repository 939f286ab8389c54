import { expect, onTestFinished, test } from 'vitest';
import { sealNext } from '#src/audit/seal.ts';
import { createLog } from '#src/core/log.ts';
import { createWorker } from '#src/jobs/worker.ts';
import { auditWorld } from '#test/world/audit-world.ts';

const BACKLOG = 1_000;

test('a long backlog lets everybody else have their turn', async () => {
  const { database, clock } = await auditWorld();
  let turns = 0;
  const run = async () => {
    turns++;
    await sealNext({ database, clock });
    return turns < BACKLOG ? 1 : 0;
  };
  const worker = createWorker([{ name: 'seal', pauseMs: 1, parallel: 1, run }], createLog('silent'));
  onTestFinished(() => worker.stop());

  worker.start();
  await new Promise((resolve) => setTimeout(resolve, 5));

  const turnsThen = turns;
  await worker.stop();
  expect(turnsThen).toBeLessThan(BACKLOG);
});
