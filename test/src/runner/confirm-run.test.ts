import { expect, test } from 'vitest';
import { HOUR_MS } from '#src/core/clock.ts';
import { cancelRun } from '#src/runner/cancel-run.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { startRun } from '#src/runner/start-run.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

/** A preview of Sam's that waits for a click, as Slack leaves it. */
async function withPreview(line: { command: string; raw: Record<string, string> }) {
  const world = await sofiaWorld();
  const command = world.runner.commands.find(({ name }) => name === line.command);
  if (!command) throw new Error(`There is no ${line.command}`);
  const started = await startRun(world.runner, {
    command,
    raw: { email: 'sofia@firm.com', reason: 'lost upload', ...line.raw },
    actor: staff('support'),
    surface: 'slack',
    correlationId: 'cor_preview',
    key: null,
  });
  if (started.kind !== 'preview') throw new Error(`It was ${started.kind}`);
  const confirm = (as = staff('support')) => confirmRun(world.runner, started.runId, as, 'slack');
  return { ...world, runId: started.runId, confirm };
}

const grant = { command: 'credits grant', raw: { count: '100' } };

test('ten clicks at once are one grant, and each click gets an answer', async () => {
  const { confirm, rows } = await withPreview(grant);

  const replies = await Promise.all(Array.from({ length: 10 }, () => confirm()));

  expect(await rows('credit_entries')).toHaveLength(1);
  expect(await rows('audit_events', { command: 'credits grant' })).toHaveLength(1);
  expect(replies.every((reply) => reply.title === '100 credits granted to sofia@firm.com.')).toBe(true);
  expect(replies.filter((reply) => reply.warnings?.join().includes('already done'))).toHaveLength(9);
});

test('whoever lost the role since the preview is refused at the click, and the attempt is audited', async () => {
  const { confirm, runId, rows } = await withPreview(grant);
  const demoted = { ...staff('support'), roles: [] };

  await expect(confirm(demoted)).rejects.toMatchObject({ code: 'refused' });

  expect(await rows('audit_events', { outcome: 'refused' })).toMatchObject([
    { command: 'credits grant', run_id: runId, actor_id: 'terminal:support', correlation_id: 'cor_preview' },
  ]);
  expect(await rows('credit_entries')).toEqual([]);
});

test('somebody else can neither confirm nor cancel a preview, and the attempt is audited', async () => {
  const { confirm, runner, runId, rows } = await withPreview(grant);

  await expect(confirm(staff('billing'))).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringContaining('This preview belongs to terminal:support'),
  });
  await expect(cancelRun(runner, runId, staff('billing'))).rejects.toMatchObject({ code: 'refused' });

  expect(await rows('audit_events', { outcome: 'refused' })).toMatchObject([
    { actor_id: 'terminal:billing' },
    { actor_id: 'terminal:billing', input: expect.stringContaining('cancel') },
  ]);
  expect(await rows('credit_entries')).toEqual([]);
});

test('when the world moved nothing is done; the new preview is a run of its own, so a double click cannot pass it', async () => {
  const { confirm, runner, done, rows, runId } = await withPreview({ command: 'tier reset', raw: {} });
  await done('tier set sofia@firm.com pro --reason "meanwhile"');

  const [first, second] = [await confirm(), await confirm()];

  expect(first).toMatchObject({
    tone: 'warning',
    warnings: [expect.stringContaining('Something changed since the preview')],
    changes: [{ label: 'Tier', before: 'pro', after: 'free' }, { label: 'Set by hand' }],
  });
  expect(second.title).toContain('cancelled or replaced by a newer one');
  expect(await rows('overrides', { ended_at: null })).toHaveLength(1);
  const button = first.buttons?.find(({ kind }) => kind === 'confirm');
  if (button?.kind !== 'confirm') throw new Error('There is no button to confirm');
  expect(button.runId).not.toBe(runId);
  expect(await confirmRun(runner, button.runId, staff('support'), 'slack')).toMatchObject({ tone: 'done' });
});

test('a preview older than an hour is history', async () => {
  const { confirm, clock, rows } = await withPreview(grant);
  clock.advance(HOUR_MS + 1);

  await expect(confirm()).rejects.toMatchObject({ code: 'moved' });

  expect(await rows('credit_entries')).toEqual([]);
});

test('a cancelled preview stays cancelled; a done run cannot be cancelled', async () => {
  const first = await withPreview(grant);
  await cancelRun(first.runner, first.runId, staff('support'));
  expect((await first.confirm()).title).toContain('was cancelled');
  expect(await first.rows('credit_entries')).toEqual([]);

  const second = await withPreview(grant);
  await second.confirm();
  expect(await cancelRun(second.runner, second.runId, staff('support'))).toMatchObject({ tone: 'done' });
  expect(await second.rows('credit_entries')).toHaveLength(1);
});

test('a run that nobody knows is a sentence', async () => {
  const { runner } = await sofiaWorld();

  await expect(confirmRun(runner, 'run_nothing', staff('support'), 'slack')).rejects.toMatchObject({
    code: 'not_found',
    hint: 'Type the command again.',
  });
});
