import { expect, test } from 'vitest';
import { idIn, runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

const consume = 'credits consume sofia@firm.com 30 --reason "support-adjustment"';

async function with100() {
  const world = await sofiaWorld();
  await world.done('credits grant sofia@firm.com 100 --reason "lost upload"');
  return world;
}

test('credits are taken, with one entry, one audit row and one message', async () => {
  const { done, rows } = await with100();

  const typed = await done(consume);

  expect(typed.out).toContain('30 credits taken from sofia@firm.com.');
  expect(typed.out).toContain('Credits: 100 → 70');
  expect(await rows('credit_entries', { type: 'spend' })).toMatchObject([
    { amount: -30, balance_after: 70, id: idIn(typed, 'led') },
  ]);
  expect(await rows('audit_events', { command: 'credits consume' })).toHaveLength(1);
  expect(await rows('outbox', { dedupe_key: `run:${runOf(typed)}` })).toHaveLength(1);
});

test('more than the balance is refused, in the preview already, and nothing is written', async () => {
  const { lucy, rows } = await with100();

  const preview = await lucy('credits consume sofia@firm.com 101 --reason "too much" --dry-run');
  const typed = await lucy('credits consume sofia@firm.com 101 --reason "too much" --yes --json');

  expect(preview.err).toContain('Only 100 credits can be spent, not 101.');
  expect(typed.code).toBe(1);
  expect(typed.json()).toMatchObject({ error: { code: 'insufficient' } });
  expect(await rows('credit_entries', { type: 'spend' })).toEqual([]);
});

test('the same key again is one debit', async () => {
  const { done, rows } = await with100();

  await done(`${consume} --idempotency-key usage-1`);
  const again = await done(`${consume} --idempotency-key usage-1`);

  expect(again.out).toContain('This was already done; nothing was done again.');
  expect(await rows('credit_accounts')).toMatchObject([{ balance: 70 }]);
});

test('undo gives the credits back to the lot they came from', async () => {
  const { done, rows } = await with100();
  const run = runOf(await done(consume));

  const typed = await done(`undo ${run} --reason "not used after all"`);

  expect(typed.out).toContain('30 credits given back to sofia@firm.com');
  expect(await rows('credit_lots')).toMatchObject([{ granted: 100, remaining: 100 }]);
  expect(await rows('credit_entries')).toMatchObject([
    { type: 'grant' },
    { type: 'spend' },
    { type: 'reinstate' },
  ]);
});

test('the runbook’s own spelling takes too', async () => {
  const { done, rows } = await with100();

  await done('entitlements adjust --user sofia@firm.com --consume-credits 50 --reason "support-adjustment"');

  expect(await rows('credit_accounts')).toMatchObject([{ balance: 50 }]);
});

test.each(['-5', '0', '1.5', 'all'])('%s credits are refused with a sentence', async (count) => {
  const { lucy } = await with100();

  expect((await lucy(`credits consume sofia@firm.com --count=${count} --reason "wrong" --yes`)).code).toBe(2);
});

test('someone without the role is refused', async () => {
  const { lucy } = await with100();

  expect((await lucy(`${consume} --yes`, staff('oncall'))).code).toBe(3);
});
