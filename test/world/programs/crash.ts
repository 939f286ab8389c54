import { createLog } from '#src/core/log.ts';
import { errorReportsOf } from '#src/error-reports.ts';
import { failFast } from '#src/fail-fast.ts';

/** Ends as Lucy would when nobody catches what was thrown, or rejected. */
const [dsn = '', kind = ''] = process.argv.slice(2);
const reports = errorReportsOf(dsn === 'none' ? null : dsn, { mode: 'test', role: 'worker' });
failFast(createLog('info', undefined, reports?.report), async (ms) => reports?.flush(ms));
setInterval(() => {}, 1_000);
// The service has the SDK loaded long before; on a busy machine that takes longer than a crash waits.
reports?.warm();
await reports?.flush(60_000);
if (kind === 'rejected') void Promise.reject(new RangeError('nobody caught “sofia@firm.com”'));
else
  setTimeout(() => {
    throw new RangeError('nobody caught “sofia@firm.com”');
  });
