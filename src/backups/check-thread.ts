import { parentPort } from 'node:worker_threads';
import { openDatabase } from '#db/connection.ts';
import { checkRestored } from './check-restored.ts';

parentPort?.on('message', async ({ file, now }: { file: string; now: number }) => {
  const database = openDatabase(`sqlite:${file}`, { busyTimeoutMs: 5_000 });
  try {
    parentPort?.postMessage({ result: await checkRestored(database, now) });
  } catch (error) {
    parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) });
  } finally {
    await database.close().catch(() => {});
  }
});
