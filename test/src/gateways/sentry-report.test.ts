import { expect, onTestFinished, test } from 'vitest';
import { startLocalSentry } from '#sandbox/observability/local-sentry.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import { createErrorReports } from '#src/gateways/sentry-report.ts';
import { testClock } from '#test/world/test-clock.ts';

const canaries = [
  'sofia@firm.com',
  'sk_live_51Canary',
  'rk_test_Canary9',
  'whsec_canary123',
  'xoxb-1-canary',
  'xapp-1-A0-canary',
  'canary-bearer-token',
  'my cat ate the invoice',
  '4242 4242 4242 4242',
  'hunter2',
  '+49 30 5550101',
  '203.0.113.77',
  'canary-in-a-local-variable',
  'canary-of-a-property',
];

async function reportingWorld() {
  const sentry = await startLocalSentry({ authToken: 'read', organization: 'acme' });
  onTestFinished(() => sentry.close());
  const clock = testClock();
  const reports = createErrorReports({
    dsn: sentry.dsn,
    environment: 'test',
    release: 'lucy@1.2.3',
    role: 'worker',
    clock,
  });
  const lines: Record<string, unknown>[] = [];
  const log = createLog(
    'info',
    { write: (line: string) => void lines.push(JSON.parse(line)) },
    reports.report,
  );
  return { sentry, clock, reports, log, lines };
}

test('an error that is logged arrives once, with its correlation id and place, and without anything of a customer', async () => {
  const { sentry, reports, log, lines } = await reportingWorld();
  const secret = 'canary-in-a-local-variable';
  const error = Object.assign(
    new Error(
      `“my cat ate the invoice” of sofia@firm.com with sk_live_51Canary rk_test_Canary9 whsec_canary123 xoxb-1-canary xapp-1-A0-canary Bearer canary-bearer-token 4242 4242 4242 4242 password=hunter2 +49 30 5550101 203.0.113.77 for run_01abc`,
      { cause: new Error(`connect to postgres://lucy:hunter2@db failed for sofia@firm.com`) },
    ),
    { body: 'canary-of-a-property', customer: 'sofia@firm.com' },
  );

  log.error({ err: error, event: 'job_failed', correlationId: 'cor_1', body: secret }, error.message);
  log.error({ err: error, event: 'command_failed', correlationId: 'cor_1' }, error.message);
  log.warn({ err: new Error('only a warning') }, 'only a warning');
  log.error({ event: 'message_dead' }, 'no error object');
  await reports.flush(5_000);

  expect(sentry.events).toHaveLength(1);
  const [event] = sentry.events;
  expect(event).toMatchObject({
    level: 'error',
    release: 'lucy@1.2.3',
    environment: 'test',
    tags: { correlation_id: 'cor_1', event: 'job_failed', role: 'worker' },
  });
  const [thrown] = event?.exception?.values ?? [];
  expect(thrown?.value).toContain('run_01abc');
  expect(event?.extra?.cause).toContain('connect to postgres://[secret]@db failed for [mail]');
  expect(thrown?.stacktrace?.frames.at(-1)?.filename).toBe('app:///test/src/gateways/sentry-report.test.ts');
  const sent = sentry.raw.join('\n');
  for (const canary of canaries) expect(sent, canary).not.toContain(canary);
  // The log keeps what it had.
  expect(lines).toHaveLength(4);
});

test('a line without a correlation id gets one, so that the report leads back to it', async () => {
  const { sentry, reports, log, lines } = await reportingWorld();

  log.error({ err: new Error('it broke'), event: 'job_failed' }, 'it broke');
  log.child({ correlationId: 'cor_of_child' }).fatal({ err: new Error('and ended'), event: 'crashed' }, 'x');
  log.error({ err: 'no error at all, sofia@firm.com', event: 'odd' }, 'odd');
  await reports.flush(5_000);

  expect(lines[0]?.correlationId).toMatch(/^cor_/);
  expect(sentry.events.map(({ tags }) => tags?.correlation_id)).toEqual([
    lines[0]?.correlationId,
    'cor_of_child',
    lines[2]?.correlationId,
  ]);
  expect(sentry.events.map(({ level }) => level)).toEqual(['error', 'fatal', 'error']);
  expect(sentry.raw.join()).not.toContain('sofia@firm.com');
});

test('a storm is limited, and says how many were held back', async () => {
  const { sentry, reports, log, clock } = await reportingWorld();
  const fail = () => log.error({ err: new Error('the database is away'), event: 'job_failed' }, 'away');

  for (let count = 0; count < 200; count++) fail();
  await reports.flush(5_000);
  expect(sentry.events).toHaveLength(5);

  clock.advance(MINUTE_MS);
  fail();
  await reports.flush(5_000);
  expect(sentry.events).toHaveLength(6);
  expect(sentry.events.at(-1)?.extra?.held_back).toBe(195);
});

test('Sentry being away changes nothing: the line is written, and flushing ends', async () => {
  const { sentry, reports, log, lines } = await reportingWorld();
  sentry.down(true);

  log.error({ err: new Error('it broke'), event: 'job_failed' }, 'it broke');
  await reports.flush(2_000);

  expect(lines).toHaveLength(1);
  sentry.down(false);
  log.error({ err: new Error('again'), event: 'other' }, 'again');
  await reports.flush(5_000);
  expect(sentry.events.map(({ tags }) => tags?.event)).toEqual(['other']);
});
