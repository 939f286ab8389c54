import { expect, test } from 'vitest';
import { startRun } from '#src/runner/start-run.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

const grant = 'credits grant sofia@firm.com 100 --reason "lost upload"';

test('errors as JSON have a code, a message, a hint and a correlation id, on stdout alone', async () => {
  const { lucy } = await sofiaWorld();

  const cases: [string, number, string][] = [
    ['customer show nobody@firm.com --json', 5, 'not_found'],
    ['credits garnt --json', 2, 'usage'],
    [`${grant} --json`, 2, 'usage'],
    ['credits consume sofia@firm.com 1 --reason "too much" --yes --json', 1, 'insufficient'],
    ['tier set sofia@firm.com gold --reason "wrong" --yes --json', 2, 'invalid'],
    ['credits show sofia@firm.com --dry-run=1 --json', 2, 'usage'],
  ];
  for (const [line, code, name] of cases) {
    const typed = await lucy(line);
    expect(typed.code, line).toBe(code);
    expect(typed.err, line).toBe('');
    expect(typed.json(), line).toEqual({
      error: { code: name, message: expect.any(String), hint: expect.any(String) },
      correlationId: expect.stringMatching(/^cor_/),
    });
  }
});

test('a defect is told with its correlation id, logged, and leaves nothing half done', async () => {
  const { lucy, database, logs } = await sofiaWorld();
  await database.knex.schema.dropTable('outbox');

  const typed = await lucy(`${grant} --yes --json`);

  expect(typed.code).toBe(1);
  const { correlationId, error } = typed.json<{
    correlationId: string;
    error: { code: string; hint: string };
  }>();
  expect(error).toMatchObject({ code: 'failed', hint: expect.stringContaining(correlationId) });
  expect(logs.filter((line) => line.event === 'command_failed')).toMatchObject([{ correlationId }]);
  expect(await database.knex('credit_entries')).toEqual([]);
  expect(await database.knex('audit_events').where({ command: 'credits grant' })).toEqual([]);
});

test('without any word: the overview, with the seeds’ own spellings', async () => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy('');

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('Usage: lucy NOUN VERB');
  expect(typed.out).toContain('entitlements adjust');
  expect(typed.out).toContain('the same as subscription set');
});

test('“entitlements adjust” with no act, or two, changes nothing', async () => {
  const { lucy, rows } = await sofiaWorld();

  for (const flags of ['', '--grant-credits 5 --set-tier pro']) {
    const typed = await lucy(`entitlements adjust --user sofia@firm.com ${flags} --reason "unclear" --yes`);
    expect(typed.code).toBe(2);
    expect(typed.err).toContain(
      'needs exactly one of --grant-credits N, --consume-credits N and --set-tier TIER.',
    );
  }
  expect(await rows('credit_entries')).toEqual([]);
});

test('a script that died after asking comes back with its key, and the act is done once', async () => {
  const { lucy, runner, rows } = await sofiaWorld();
  const command = runner.commands.find(({ name }) => name === 'credits grant');
  if (!command) throw new Error('There is no credits grant');
  // What a killed terminal leaves behind: a run that is planned, under its key.
  await startRun(runner, {
    command,
    raw: { email: 'sofia@firm.com', count: '100', reason: 'lost upload' },
    actor: staff('admin'),
    surface: 'terminal',
    correlationId: 'cor_killed',
    key: 'key:nightly-1',
  });

  const back = await lucy(`${grant} --yes --idempotency-key nightly-1`);
  const again = await lucy(`${grant} --yes --idempotency-key nightly-1`);

  expect(back.out).toContain('100 credits granted to sofia@firm.com.');
  expect(again.out).toContain('This was already done; nothing was done again.');
  expect(await rows('credit_entries')).toHaveLength(1);
});

test.each(['', '--yes', 'a key with spaces', 'x'.repeat(201)])(
  '“%.10s” is no idempotency key',
  async (key) => {
    const { lucy } = await sofiaWorld();

    const typed = await lucy(`${grant} --yes --idempotency-key "${key}"`);

    expect(typed.code).toBe(2);
    expect(typed.err).toContain('--idempotency-key needs a value');
  },
);

test('--dry-run of a lookup says that there is nothing to rehearse', async () => {
  const { lucy } = await sofiaWorld();

  expect((await lucy('credits show sofia@firm.com --dry-run')).code).toBe(0);
});
