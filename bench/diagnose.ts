import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Database, openDatabase } from '../db/connection.ts';
import { type CustomerRow, findCustomerByEmail } from '../db/customers.ts';
import { migrate } from '../db/migrate.ts';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { sampleSettings } from '../src/sample-settings.ts';
import { startPostgres } from './postgres.ts';
import { median } from './report.ts';

const FEW = 10;
const MANY = 10_000;
const ROUNDS = 7;
const PER_ROUND = 15;
const NOW = Date.UTC(2026, 10, 21, 9);

/**
 * `customer diagnose` for a customer with a long history against one with a short history, interleaved, on both
 * engines, without Stripe: it must not grow with the ledger. About a minute.
 */
export async function benchDiagnose(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lucy-bench-'));
  // Postgres runs as a user of its own.
  await chmod(folder, 0o777);
  const postgres = await startPostgres(join(folder, 'pg'));
  try {
    const rows = [
      await measure('SQLite', `sqlite:${join(folder, 'lucy.db')}`),
      await measure('Postgres', postgres.url),
    ];
    return [
      '## `customer diagnose` and the length of the history',
      '',
      `${ROUNDS} interleaved rounds of ${PER_ROUND} on ${cpus().length} cores, Node ${process.version}. Ledger entries are debits of AI calls, each with its usage row. Milliseconds, medians.`,
      '',
      `| engine | ${FEW} entries | ${MANY.toLocaleString('en-US')} entries | ratio |`,
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(name: string, url: string): Promise<string> {
  const database = openDatabase(url);
  try {
    await migrate(database);
    const few = await seed(database, 'few@firm.com', FEW);
    const many = await seed(database, 'many@firm.com', MANY);
    if (database.engine === 'postgres') await database.knex.raw('analyze');
    const rounds: { few: number; many: number }[] = [];
    for (let round = 0; round < ROUNDS; round++)
      rounds.push({ few: await timeOf(database, few), many: await timeOf(database, many) });
    const ratio = median(rounds.map((round) => round.many / round.few));
    const ms = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick)).toFixed(1);
    return `| ${name} | ${ms((round) => round.few)} | ${ms((round) => round.many)} | ${ratio.toFixed(2)} |`;
  } finally {
    await database.close();
  }
}

async function timeOf({ knex }: Database, customer: CustomerRow): Promise<number> {
  const context = { sql: knex, settings: sampleSettings, mode: 'test' as const, stripe: null, now: NOW };
  const took: number[] = [];
  for (let count = 0; count < PER_ROUND; count++) {
    const since = performance.now();
    await diagnose(context, customer);
    took.push(performance.now() - since);
  }
  return median(took);
}

async function seed({ knex }: Database, email: string, entries: number): Promise<CustomerRow> {
  const id = `cust_${email.split('@')[0]}`;
  const account = `acc_${id}`;
  await knex('customers').insert({ id, email, name: null, email_verified_at: null, created_at: NOW });
  await knex('credit_accounts').insert({ id: account, customer_id: id, balance: 5, next_seq: entries + 2 });
  await knex('credit_lots').insert({
    id: `lot_${id}`,
    account_id: account,
    source_kind: 'staff',
    source_id: `run_${id}`,
    granted: entries + 5,
    remaining: 5,
    priority: 1,
    created_at: NOW,
  });
  const of = (seq: number) => ({ seq, at: NOW - (entries - seq) * 1_000 - 3_600_000 });
  const entry = (seq: number, amount: number, left: number, type: string) => ({
    id: `led_${id}_${String(seq).padStart(6, '0')}`,
    account_id: account,
    seq,
    type,
    amount,
    balance_after: left,
    idempotency_key: `bench:${id}:${seq}`,
    fingerprint: '',
    source_kind: type === 'grant' ? 'staff' : 'usage',
    source_id: `${id}_${seq}`,
    actor: 'bench',
    correlation_id: `cor_${id}_${seq}`,
    at: of(seq).at,
  });
  const spends = Array.from({ length: entries }, (_none, index) => index + 2);
  await knex('credit_entries').insert(entry(1, entries + 5, entries + 5, 'grant'));
  await knex.batchInsert(
    'credit_entries',
    spends.map((seq) => entry(seq, -1, entries + 6 - seq, 'spend')),
    200,
  );
  await knex.batchInsert(
    'ai_usage',
    spends.map((seq) => ({
      usage_id: `${id}_${seq}`,
      customer_id: id,
      credits: 1,
      entry_id: entry(seq, -1, 0, 'spend').id,
      meta: '{}',
      at: of(seq).at,
      received_at: of(seq).at,
      actor: 'bench',
      correlation_id: `req_${id}_${seq}`,
    })),
    200,
  );
  const customer = await findCustomerByEmail(knex, email);
  if (!customer) throw new Error(`${email} was not seeded`);
  return customer;
}
