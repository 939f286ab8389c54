import { expect, test } from 'vitest';
import { settingsSchema } from '#src/core/settings.ts';
import { terminalActor } from '#src/policy/people.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { idIn, runOf, sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

async function with38Used() {
  const world = await sofiaWorld();
  const granted = await world.done('credits grant sofia@firm.com 100 --reason "lost upload"');
  const consumed = await world.done('credits consume sofia@firm.com 38 --reason "used"');
  return { ...world, grant: idIn(granted, 'led'), spend: idIn(consumed, 'led') };
}

test('a grant is taken back as far as it is not used, and the plan says how far', async () => {
  const { lucy, done, rows, grant } = await with38Used();

  const preview = await lucy(`credits reverse ${grant} --reason "granted twice" --dry-run`);
  const typed = await done(`credits reverse ${grant} --reason "granted twice"`);

  expect(preview.out).toContain('38 of 100 already used, 62 can be taken back');
  expect(typed.out).toContain('62 credits taken back from sofia@firm.com.');
  expect(await rows('credit_accounts')).toMatchObject([{ balance: 0, debt: 0 }]);
  expect(await rows('credit_entries', { type: 'reverse' })).toMatchObject([
    { amount: -62, reversal_of: grant },
  ]);
});

test('in parts: each part is counted, and no more than the whole goes', async () => {
  const { lucy, done, rows, grant } = await with38Used();
  await done(`credits reverse ${grant} --count 20 --reason "too much"`);

  const tooMuch = await lucy(`credits reverse ${grant} --count 43 --reason "too much" --yes`);
  const rest = await done(`credits reverse ${grant} --reason "the rest"`);
  const nothing = await lucy(`credits reverse ${grant} --reason "again" --yes`);

  expect(tooMuch.code).toBe(2);
  expect(tooMuch.err).toContain('38 of 100 already used, 20 of 100 reversed before, 42 can be taken back');
  expect(rest.out).toContain('42 credits taken back');
  expect(nothing.code).toBe(1);
  expect(nothing.err).toContain(`Nothing of ${grant} can be taken back any more`);
  expect(await rows('credit_accounts')).toMatchObject([{ balance: 0 }]);
});

test('a spend is given back; a correction itself cannot be reversed', async () => {
  const { done, lucy, rows, spend } = await with38Used();

  const typed = await done(`credits reverse ${spend} --reason "not used"`);
  const correction = await lucy(`credits reverse ${idIn(typed, 'led')} --reason "again" --yes`);

  expect(typed.out).toContain('38 credits given back to sofia@firm.com.');
  expect(await rows('credit_accounts')).toMatchObject([{ balance: 100 }]);
  expect(correction.code).toBe(2);
  expect(correction.err).toContain('is itself a correction (reinstate)');
});

test('what was spent since the preview shows the difference, and nothing is done', async () => {
  const { lucyWithPerson, done, rows, grant } = await with38Used();

  const typed = await lucyWithPerson(`credits reverse ${grant} --reason "granted twice"`, [
    async () => {
      await done('credits consume sofia@firm.com 2 --reason "meanwhile"');
      return 'y';
    },
  ]);

  expect(typed.code).toBe(1);
  expect(typed.out).toContain('Something changed since the preview');
  expect(typed.out).toContain('40 of 100 already used, 60 can be taken back');
  expect(await rows('credit_entries', { type: 'reverse' })).toEqual([]);
});

test('undo of a reversal grants as many anew', async () => {
  const { done, rows, grant } = await with38Used();
  const run = runOf(await done(`credits reverse ${grant} --reason "granted twice"`));

  await done(`undo ${run} --reason "it was right"`);

  expect(await rows('credit_accounts')).toMatchObject([{ balance: 62 }]);
});

test.each([
  ['led_01k9zq3v5t8w2x4y6z7a8b9c0d', 5, 'There is no ledger entry'],
  ['run_1', 2, 'A ledger entry starts with led_'],
])('%s exits %i', async (entry, code, sentence) => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy(`credits reverse ${entry} --reason "wrong one" --yes`);

  expect(typed.code).toBe(code);
  expect(typed.err).toContain(sentence);
});

test('someone without the role is refused', async () => {
  const { lucy, grant } = await with38Used();

  expect((await lucy(`credits reverse ${grant} --reason "mine" --yes`, staff('oncall'))).code).toBe(3);
});

test('support takes back alone what it may give alone; more waits for billing, an undo no less', async () => {
  const people = {
    sam: { name: 'Sam', terminal: 'sam', roles: ['support' as const] },
    bea: { name: 'Bea', terminal: 'bea', roles: ['billing' as const] },
    ada: { name: 'Ada', terminal: 'ada', roles: ['admin' as const] },
  };
  const { lucy, done, rows, runner } = await sofiaWorld();
  runner.settings = settingsSchema.parse({ ...sampleSettings, people });
  const sam = terminalActor(runner.settings, 'sam');
  const small = idIn(await done('credits grant sofia@firm.com 400 --reason "lost upload"'), 'led');
  const large = await done('credits grant sofia@firm.com 900 --reason "outage"');

  const alone = await lucy(`credits reverse ${small} --reason "wrong one" --yes`, sam);
  // How much it is, the plan knows: left out of the line, it is no way round the limit.
  const asked = await lucy(`credits reverse ${idIn(large, 'led')} --reason "wrong one" --yes`, sam);
  const undone = await lucy(`undo ${runOf(large)} --reason "wrong one" --yes`, sam);
  const inPart = await lucy(`credits reverse ${idIn(large, 'led')} --count 100 --reason "part" --yes`, sam);

  expect([alone.code, asked.code, undone.code, inPart.code]).toEqual([0, 4, 4, 0]);
  expect(asked.out).toContain('one approval by billing');
  expect(await rows('credit_accounts')).toMatchObject([{ balance: 800 }]);
});
