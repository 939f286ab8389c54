import type { LocalLoki } from './local-loki.ts';
import type { LocalSentry } from './local-sentry.ts';

/** A bug of the product, a quarter of an hour ago: the request of which a customer complains in this ticket. */
export const bug = { ticket: 'ZD-901', requestId: 'req-7f3a91c2', version: '4.2.0' };

const AGO_MS = 15 * 60_000;

/** What the product logged and reported of it, as an application writes such things. */
export function tellOfABug(loki: LocalLoki, sentry: LocalSentry, now: number): void {
  const at = now - AGO_MS;
  const log = (after: number, level: string, event: string, msg: string) => {
    const line = { level, time: new Date(at + after).toISOString(), event, msg, requestId: bug.requestId };
    loki.push({ at: at + after, labels: { app: 'product' }, text: JSON.stringify(line) });
  };
  log(0, 'info', 'request_started', 'POST /reports for sofia@firm.com, file of 2 lines');
  log(180, 'info', 'upload_read', 'read 2 lines, 1 address twice');
  log(420, 'warn', 'row_skipped', 'line 2 has the address of line 1');
  log(910, 'error', 'report_failed', 'no row for the second line');
  log(930, 'info', 'request_ended', 'POST /reports 500 in 930 ms');
  sentry.events.push({
    event_id: '7f3a91c2000000000000000000000001',
    timestamp: (at + 910) / 1000,
    level: 'error',
    release: `product@${bug.version}`,
    environment: 'sandbox',
    tags: { request_id: bug.requestId, event: 'report_failed' },
    exception: {
      values: [
        {
          type: 'TypeError',
          value: 'Cannot read properties of undefined (reading “total”)',
          stacktrace: {
            frames: [
              { filename: 'app:///reports/read-lines.ts', function: 'readLines', lineno: 41 },
              { filename: 'app:///reports/sum-rows.ts', function: 'sumRows', lineno: 17 },
            ],
          },
        },
      ],
    },
  });
}
