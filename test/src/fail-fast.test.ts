import { expect, onTestFinished, test } from 'vitest';
import { startLocalSentry } from '#sandbox/observability/local-sentry.ts';
import { runProgram } from '#test/world/run-program.ts';

test('what nobody caught is logged, reported once, and ends the process; Sentry being away does not keep it', async () => {
  const sentry = await startLocalSentry({ authToken: 'read', organization: 'acme' });
  onTestFinished(() => sentry.close());

  const [thrown, rejected] = await Promise.all([
    runProgram('crash', [sentry.dsn, 'thrown']),
    runProgram('crash', [sentry.dsn, 'rejected']),
  ]);

  for (const { code, out } of [thrown, rejected]) {
    expect(code).toBe(1);
    expect(out).toContain('"event":"crashed"');
  }
  expect(sentry.events).toHaveLength(2);
  for (const event of sentry.events)
    expect(event).toMatchObject({ level: 'fatal', tags: { event: 'crashed', role: 'worker' } });
  expect(sentry.raw.join()).not.toContain('sofia@firm.com');
  for (const { tags } of sentry.events) expect(thrown.out + rejected.out).toContain(tags?.correlation_id);

  sentry.down(true);
  const without = await Promise.all([
    runProgram('crash', ['none', 'thrown']),
    runProgram('crash', [sentry.dsn, 'thrown']),
  ]);
  expect(without.map(({ code }) => code)).toEqual([1, 1]);
});
