import { errorMessage } from '#src/core/errors.ts';
import type { Log } from '#src/core/log.ts';
import { FLUSH_MS } from './error-reports.ts';

/**
 * What nobody caught leaves the process in a state that nobody knows: it is logged, reported, and the process ends, for
 * whoever runs it to start it anew. Everything half done is a row with a lease, and goes on there.
 */
export function failFast(log: Log, flush: (timeoutMs: number) => Promise<void>): void {
  let isEnding = false;
  const end = async (error: unknown) => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(1), 2 * FLUSH_MS).unref();
    log.fatal({ err: error, event: 'crashed' }, errorMessage(error));
    await flush(FLUSH_MS).catch(() => {});
    process.exit(1);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
