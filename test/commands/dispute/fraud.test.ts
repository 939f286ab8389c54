import { createHash } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { engineOf, type Sql } from '#db/connection.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { runDaily } from '#src/jobs/daily.ts';
import { answerWorld } from '#test/world/answer-world.ts';
import { testCause } from '#test/world/test-cause.ts';

type Bundle = {
  bundle: string;
  sha256: string;
  isVerified: boolean;
  problems: string[];
  parts: { name: string; rows: number }[];
};

test('one act locks the account and preserves everything; the card names its sum', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ reason: 'fraudulent' });

  const answer = await world.approves(await world.asks(`dispute fraud ${dispute.id}`));

  expect(answer).toContain('locked for fraud, and everything is being preserved as evidence');
  expect((await world.as('bea', 'customer show sofia@firm.com --json')).json()).toMatchObject({
    access: 'locked',
  });
  const bundle = (await world.as('bea', `dispute evidence ${dispute.id} --json`)).json<Bundle>();
  expect(bundle).toMatchObject({ isVerified: true, problems: [] });
  const rows = new Map(bundle.parts.map((part) => [part.name, part.rows]));
  expect(rows.get('customers.jsonl')).toBe(1);
  expect(rows.get('stripe_events.jsonl')).toBeGreaterThan(3);
  expect(rows.get('customer_locks.jsonl')).toBe(1);
  expect(rows.get('credit_entries.jsonl')).toBeGreaterThan(0);
  const card = await world.as('bea', `dispute show ${dispute.id}`);
  expect(card.out).toContain(`bundle sha256 ${bundle.sha256}, under legal hold`);
});

test('a formal dispute has its evidence preserved by itself, once, and an inquiry not', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  const bundles = () => world.database.knex('evidence_bundles');
  expect(await bundles()).toEqual([]);

  world.stripe.world.escalateInquiry(dispute.id);
  await world.booked();
  await world.booked();

  expect(await bundles()).toMatchObject([{ dispute_id: dispute.id, cause: 'dispute', legal_hold: 1 }]);
});

test('the file holds what Stripe signed, and is checked without Lucy', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const out = join(await mkdtemp(join(tmpdir(), 'lucy-')), 'bundle.tar.gz');

  await world.as('bea', `dispute evidence ${dispute.id} --out ${out}`);

  const files = readTar(gunzipSync(await readFile(out)));
  const sums = (files.get('SHA256SUMS') ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split('  '));
  expect(sums.length).toBe(files.size - 1);
  for (const [sum, name = ''] of sums)
    expect(
      createHash('sha256')
        .update(files.get(name) ?? '')
        .digest('hex'),
      name,
    ).toBe(sum);
  const paid = (files.get('stripe_events.jsonl') ?? '')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(paid.map((row) => JSON.parse(row.payload).type)).toContain('charge.dispute.created');
});

test.each([
  [
    'a part is changed',
    "update evidence_parts set content = replace(content, 'pro', 'free') where name = 'payments.jsonl' or name = 'entitlement_changes.jsonl'",
    'was changed after it was made',
  ],
  [
    'a part is gone',
    "delete from evidence_parts where name = 'audit_events.jsonl'",
    'The part audit_events.jsonl is missing.',
  ],
  [
    'the manifest is changed',
    "update evidence_bundles set manifest = replace(manifest, 'dispute', 'fraud')",
    'its sha256 does not fit',
  ],
])('tampering is found: %s', async (_what, statement, said) => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  await withoutTriggers(world.database.knex);
  await world.database.knex.raw(statement);

  const typed = await world.as('bea', `dispute evidence ${dispute.id} --json`);

  expect(typed.json<Bundle>()).toMatchObject({
    isVerified: false,
    problems: [expect.stringContaining(said)],
  });
  expect((await world.as('bea', `dispute evidence ${dispute.id}`)).out).toContain(
    'is not as it was preserved',
  );
});

test('after the lock neither a refund nor credits go out, but an admin may give credits', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  await world.approves(await world.asks(`dispute fraud ${dispute.id}`));

  const refund = await world.as('sam', `refund request ${dispute.charge} --reason "asked kindly"`);
  expect(refund).toMatchObject({ code: 1, err: expect.stringContaining('is locked for fraud') });
  const grant = (user: string) => world.as(user, 'credits grant sofia@firm.com 5 --reason "lost upload"');
  expect(await grant('sam')).toMatchObject({ code: 3, err: expect.stringContaining('is locked for fraud') });
  expect((await grant('ada')).code).toBe(4);
});

test('fraud answers no dispute: the bank still has to hear of it', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const asked = await world.as('bea', `dispute fraud ${dispute.id} --reason "stolen card" --dry-run`);
  expect(asked.out).toContain('This answers no dispute');
  await world.approves(await world.asks(`dispute fraud ${dispute.id}`));

  await world.approves(await world.asks(`dispute accept ${dispute.id}`));
  await world.carried();

  expect(dispute.status).toBe('lost');
});

test('before anybody disputed, and for one who is locked already, the evidence is preserved all the same', async () => {
  const world = await answerWorld();
  await world.as('bea', 'customer lock sofia@firm.com --reason "three cards"');

  const answer = await world.approves(await world.asks('dispute fraud sofia@firm.com'));

  expect(answer).toContain('Everything known of sofia@firm.com is being preserved as evidence');
  expect((await world.as('bea', 'dispute evidence sofia@firm.com --json')).json()).toMatchObject({
    isVerified: true,
    dispute: null,
    cause: 'fraud',
  });
});

test('what of a customer under legal hold would be pruned stays', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const runs = () =>
    world.database.knex('runs').where({ state: 'planned' }).orderBy('id').pluck('customer_id');
  await world.as('ada', 'customer add other@firm.com --reason "new account"');
  // Nobody confirmed these.
  await world.lucyWithPerson('tier set sofia@firm.com pro --reason "test"', ['no']);
  await world.lucyWithPerson('tier set other@firm.com pro --reason "test"', ['no']);
  await world.database.knex('runs').update({ state: 'planned' }).where({ command: 'tier set' });
  expect(await runs()).toHaveLength(2);
  const event = await world.database
    .knex('stripe_events')
    .where({ type: 'charge.dispute.created' })
    .first('id');
  for (const [run_id, event_id] of [
    ['run_held', event.id],
    ['run_other', 'evt_other'],
  ])
    await world.database.knex('webhook_resends').insert({
      run_id,
      event_id,
      endpoint_id: 'we_1',
      requested_by: 'Olu',
      correlation_id: 'cor_1',
      state: 'sent',
      next_attempt_at: 0,
      created_at: 0,
    });

  const cause = testCause(world.clock.now() + 100 * DAY_MS);
  await runDaily(world.database.knex, cause, { kind: 'cleanup' } as never);

  const row = await world.row(dispute.id);
  expect(await runs()).toEqual([row?.customer_id]);
  expect(await world.database.knex('webhook_resends').pluck('run_id')).toEqual(['run_held']);
});

test('support may not, and what is not known is named', async () => {
  const world = await answerWorld();
  await world.disputed();

  expect((await world.as('sam', 'dispute fraud sofia@firm.com --reason "stolen card"')).code).toBe(3);
  expect((await world.as('sam', 'dispute evidence sofia@firm.com')).code).toBe(3);
  expect((await world.as('bea', 'dispute fraud du_nowhere --reason "stolen card"')).code).toBe(5);
  const none = await world.as('bea', 'dispute evidence du_nowhere');
  expect(none).toMatchObject({
    code: 5,
    err: expect.stringContaining('Nothing is preserved under du_nowhere.'),
  });
});

/** Somebody with the database’s own password. */
async function withoutTriggers(sql: Sql): Promise<void> {
  const tables = ['evidence_bundles', 'evidence_parts'];
  if (engineOf(sql) === 'postgres') {
    for (const table of tables) await sql.raw('alter table ?? disable trigger user', [table]);
    return;
  }
  const names: string[] = await sql('sqlite_master')
    .where({ type: 'trigger' })
    .whereIn('tbl_name', tables)
    .pluck('name');
  for (const name of names) await sql.raw('drop trigger ??', [name]);
}

function readTar(tar: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at + 512 <= tar.length; ) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    if (name === '') break;
    const size = Number.parseInt(tar.toString('ascii', at + 124, at + 135), 8);
    files.set(name, tar.toString('utf8', at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
