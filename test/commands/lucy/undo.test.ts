import { expect, test } from 'vitest';
import { idIn, runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

async function withGrant() {
  const world = await sofiaWorld();
  const granted = await world.done('credits grant sofia@firm.com 100 --reason "lost upload"');
  return { ...world, granted, run: runOf(granted) };
}

test('a run is taken back once, marked, and audited as an undo', async () => {
  const { lucy, done, run, rows } = await withGrant();
  await done('credits consume sofia@firm.com 38 --reason "used"');

  const preview = await lucy(`undo ${run} --reason "wrong customer" --dry-run`);
  const typed = await done(`undo ${run} --reason "wrong customer" --ticket ZD-9`);

  expect(preview.out).toContain(`Undo ${run}: take 62 credits back from sofia@firm.com?`);
  expect(preview.out).toContain('38 of 100 already used, 62 can be taken back');
  expect(typed.out).toContain(`62 credits taken back from sofia@firm.com (undoes ${run}).`);
  expect(await rows('runs', { id: run })).toMatchObject([{ undone_by: runOf(typed) }]);
  expect(await rows('audit_events', { command: 'undo' })).toMatchObject([
    { run_id: runOf(typed), reason: 'wrong customer', ticket: 'ZD-9', after: expect.stringContaining(run) },
  ]);
  expect(await rows('credit_entries', { type: 'reverse' })).toMatchObject([
    { amount: -62, reason: 'wrong customer', ticket: 'ZD-9', correlation_id: idIn(typed, 'cor') },
  ]);
});

test('undone already: says by whom, and how to bring it back', async () => {
  const { lucy, done, run, rows } = await withGrant();
  const undone = runOf(await done(`undo ${run} --reason "wrong customer"`));

  const again = await lucy(`undo ${run} --reason "wrong customer" --yes`);

  expect(again.code).toBe(1);
  expect(again.err).toContain(`${run} was undone already by terminal:admin at 2026-11-21 09:00 UTC`);
  expect(again.err).toContain(`undo ${undone}`);
  await done(`undo ${undone} --reason "it was right"`);
  expect(await rows('credit_accounts')).toMatchObject([{ balance: 100 }]);
});

test('of two who undo at once, one does', async () => {
  const { lucy, run, rows } = await withGrant();

  const typed = await Promise.all([
    lucy(`undo ${run} --reason "wrong customer" --yes`),
    lucy(`undo ${run} --reason "wrong customer" --yes`, staff('support')),
  ]);

  expect(typed.map(({ code }) => code).sort()).toEqual([0, 1]);
  expect(await rows('credit_entries', { type: 'reverse' })).toHaveLength(1);
  expect(await rows('credit_accounts')).toMatchObject([{ balance: 0 }]);
});

test('what cannot be undone says what to do instead', async () => {
  const { lucy, rows } = await sofiaWorld();
  const [added] = await rows<{ id: string }>('runs', { command: 'customer add' });

  const typed = await lucy(`undo ${added?.id} --reason "typo" --yes`);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain('(customer add) cannot be undone.');
  expect(typed.err).toContain('A customer is not removed again; a wrong link is: lucy customer unlink.');
});

test('a preview that nobody confirmed was never done', async () => {
  const { lucy, lucyWithPerson, rows } = await withGrant();
  await lucyWithPerson('credits grant sofia@firm.com 5 --reason "changed my mind"', ['n']);
  const [cancelled] = await rows<{ id: string }>('runs', { state: 'cancelled' });

  const typed = await lucy(`undo ${cancelled?.id} --reason "try it" --yes`);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain('was never carried out, so there is nothing to undo.');
});

test('nothing left to take back is a sentence, not an empty undo', async () => {
  const { lucy, done, run, rows } = await withGrant();
  await done('credits consume sofia@firm.com 100 --reason "used"');

  const typed = await lucy(`undo ${run} --reason "wrong customer" --yes`);

  expect(typed.code).toBe(1);
  expect(typed.err).toContain('can be taken back any more: 100 of 100 already used');
  expect(await rows('runs', { id: run })).toMatchObject([{ undone_by: null }]);
});

test('only who may run the command behind it may undo, and the attempt is audited', async () => {
  const { lucy, run, rows } = await withGrant();

  const typed = await lucy(`undo ${run} --reason "not mine" --yes`, staff('oncall'));

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('“credits reverse” needs the role support or billing, and you have oncall.');
  expect(await rows('audit_events', { outcome: 'refused' })).toMatchObject([
    { command: 'undo', actor_id: 'terminal:oncall' },
  ]);
});

test.each([
  ['run_01k9zq3v5t8w2x4y6z7a8b9c0d', 5, 'There is no run'],
  ['led_1', 2, 'A run starts with run_'],
])('%s exits %i', async (id, code, sentence) => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy(`undo ${id} --reason "wrong one" --yes`);

  expect(typed.code).toBe(code);
  expect(typed.err).toContain(sentence);
});

test('undo needs a reason of its own', async () => {
  const { lucy, run } = await withGrant();

  const typed = await lucy(`undo ${run} --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain('--reason must be given');
});
