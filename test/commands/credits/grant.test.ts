import { expect, test } from 'vitest';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

async function withSofia() {
  const world = await terminalWorld();
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes');
  return world;
}

const grant = 'credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812';

test('a grant moves the balance, and leaves one entry, one audit row and one message', async () => {
  const { lucy, database } = await withSofia();

  const typed = await lucy(`${grant} --yes`);

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('100 credits granted to sofia@firm.com.');
  expect(typed.out).toContain('Credits: 0 → 100');
  expect(typed.out).toMatch(/Run run_\w+ · Correlation ID cor_\w+/);
  expect(typed.out).toMatch(/To take it back: lucy undo run_/);
  const entries = await database.knex('credit_entries');
  expect(entries).toMatchObject([
    { type: 'grant', amount: 100, balance_after: 100, reason: 'lost upload', ticket: 'ZD-812' },
  ]);
  const audit = await database.knex('audit_events').where({ command: 'credits grant' });
  expect(audit).toMatchObject([
    { outcome: 'done', surface: 'terminal', reason: 'lost upload', ticket: 'ZD-812' },
  ]);
  expect(JSON.parse(audit[0].before)).toEqual({ credits: 0 });
  expect(audit[0].correlation_id).toBe(entries[0].correlation_id);
  const messages = await database.knex('outbox').where({ target: 'entitlements' }).orderBy('id', 'desc');
  expect(messages[0].payload).toContain('100 credits granted to sofia@firm.com by terminal:admin.');
});

test('a dry run shows before → after and writes nothing', async () => {
  const { lucy, database } = await withSofia();

  const typed = await lucy(`${grant} --dry-run`);

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('Grant 100 credits to sofia@firm.com?');
  expect(typed.out).toContain('Credits: 0 → 100');
  expect(await database.knex('credit_entries')).toEqual([]);
  expect(await database.knex('runs').where({ command: 'credits grant' })).toEqual([]);
});

test('without a person to ask, a missing --yes or --reason changes nothing and exits 2', async () => {
  const { lucy, database } = await withSofia();

  const noYes = await lucy(grant);
  const noReason = await lucy('credits grant sofia@firm.com 100 --yes');

  expect([noYes.code, noReason.code]).toEqual([2, 2]);
  expect(noYes.err).toContain('--yes must be given; nothing was changed.');
  expect(noReason.err).toContain('--reason must be given; nothing was changed.');
  expect(await database.knex('credit_entries')).toEqual([]);
});

test('a person is asked, and may say no', async () => {
  const { lucyWithPerson, database } = await withSofia();

  const refused = await lucyWithPerson(grant, ['n']);
  const agreed = await lucyWithPerson(grant, ['y']);

  expect(refused.out).toContain('Cancelled: nothing was changed.');
  expect(agreed.out).toContain('100 credits granted');
  expect(await database.knex('credit_entries')).toHaveLength(1);
});

test('the same idempotency key grants once; with another amount it is refused', async () => {
  const { lucy, database } = await withSofia();

  const first = await lucy(`${grant} --yes --idempotency-key zd-812`);
  const again = await lucy(`${grant} --yes --idempotency-key zd-812`);
  const other = await lucy(
    'credits grant sofia@firm.com 200 --reason "lost upload" --yes --idempotency-key zd-812 --json',
  );

  expect(first.code).toBe(0);
  expect(again.code).toBe(0);
  expect(again.out).toContain('This was already done; nothing was done again.');
  expect(other.code).toBe(1);
  expect(other.json()).toMatchObject({ error: { code: 'conflict' } });
  expect(await database.knex('credit_entries')).toHaveLength(1);
});

test('a newly typed equal request is a new one, and warns of the recent one', async () => {
  const { lucy, clock } = await withSofia();
  await lucy(`${grant} --yes`);
  clock.advance(3 * 60_000);

  const preview = await lucy(`${grant} --dry-run`);

  expect(preview.out).toContain('terminal:admin already did exactly this 3 minutes ago');
});

test.each([
  ['-5', 'Give at least 1 credit'],
  ['0', 'Give at least 1 credit'],
  ['1.5', 'no fractions'],
  ['99999999999', 'more than 10,000,000 credits at once'],
  ['many', 'a whole number such as 100'],
  ['1e3', 'a whole number such as 100'],
])('%s credits are refused with a sentence', async (count, sentence) => {
  const { lucy, database } = await withSofia();

  const typed = await lucy(`credits grant sofia@firm.com --count=${count} --reason "lost upload" --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain(sentence);
  expect(await database.knex('credit_entries')).toEqual([]);
});

test('an unknown customer is not found, and near ones are only suggested', async () => {
  const { lucy } = await withSofia();

  const typed = await lucy('credits grant sofja@firm.com 100 --reason "lost upload" --yes');
  const near = await lucy('credits grant sofia@frm.com 100 --reason "lost upload" --yes');

  expect(typed.code).toBe(5);
  expect(near.err).toContain('Did you mean sofia@firm.com?');
});

test('someone without the role is refused with exit 3, and the attempt is audited', async () => {
  const { lucy, database } = await withSofia();

  const typed = await lucy(`${grant} --yes`, staff('oncall'));

  expect(typed.code).toBe(3);
  expect(typed.err).toContain('needs the role support or billing, and you have oncall');
  expect(await database.knex('audit_events').where({ outcome: 'refused' })).toMatchObject([
    { command: 'credits grant', actor_id: 'terminal:oncall' },
  ]);
  expect(await database.knex('credit_entries')).toEqual([]);
});

test('the playbook’s own spelling grants too', async () => {
  const { lucy, database } = await withSofia();

  const playbook = await lucy('grant-credits --email sofia@firm.com --count 2 --reason "goodwill" --yes');
  const runbook = await lucy(
    'entitlements adjust --user sofia@firm.com --grant-credits 100 --reason "lost upload" --yes',
  );

  expect([playbook.code, runbook.code]).toEqual([0, 0]);
  expect(await database.knex('credit_accounts')).toMatchObject([{ balance: 102 }]);
});
