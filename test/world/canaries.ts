import { type Database, openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { exportRules } from '#src/export/columns.ts';
import type { Treatment } from '#src/export/table-rule.ts';

/** Whatever case it comes in, this word must not leave. */
export const canary = /canary/i;

type Column = { name: string; type: string; notnull: number };
type Parent = { table: string; from: string; to: string };

/** The forms in which something personal is stored, each with the word in it. */
const forms = [
  (n: number) => `Sofia Canary said on the phone ${n} that she lives in Canary Street 4`,
  (n: number) => `canary${n}@firm.com`,
  (n: number) => `cus_Canary${n}`,
  (n: number) => `U0CANARY${n}`,
  (n: number) => `cust_01kajq8z4ncanarycanaryca${String(n % 100).padStart(2, '0')}`,
  (n: number) => `canary-${n}`,
  (n: number) => `slack:U0CANARY${n}:canary${n}@firm.com`,
  (n: number) => `https://hooks.slack.com/commands/T1/${n}/canary`,
  (n: number) => `credits grant canary${n}@firm.com 100`,
];

const AT = 1_764_000_000_000;

/** JSON with the word in every leaf, under known and unknown keys, and in the keys themselves. */
function canaryJson(n: number): string {
  const leaves = forms.map((form) => form(n));
  return JSON.stringify({
    title: leaves[0],
    email: leaves[1],
    customer: leaves[2],
    object: 'Canary',
    status: leaves[5],
    currency: 'CANARY',
    buttons: leaves.map((line) => ({ kind: 'command', label: 'Canary', line })),
    metadata: {
      lucy_customer: leaves[4],
      phone: 4_915_112_345_678,
      'canary key': leaves[5],
      [`canary${n}`]: 1,
    },
    nested: [[{ [`canary${n}@firm.com`]: { deep: leaves } }]],
    payment_method_details: { card: { last4: 'canary', exp_month: 11, fingerprint: leaves[5] } },
  });
}

/**
 * Two rows for every table that leaves, related as the schema says, with the word in every column that is not kept:
 * through no command, because no command fills every column.
 *
 * @returns how many values hold the word
 */
export async function fillWithCanaries(database: Database): Promise<number> {
  const schema = openDatabase('sqlite::memory:');
  await migrate(schema);
  const rows = await rowsOf(schema);
  await schema.close();
  let planted = 0;
  await pastGuards(database, async (insert) => {
    for (const { table, row } of rows) {
      planted += Object.values(row).filter((value) => canary.test(String(value))).length;
      await insert(table, row);
    }
  });
  return planted;
}

async function rowsOf(schema: Database): Promise<{ table: string; row: Record<string, unknown> }[]> {
  const rows: { table: string; row: Record<string, unknown> }[] = [];
  let n = 10;
  for (const [table, rule] of Object.entries(exportRules)) {
    if ('leftOut' in rule) continue;
    const columns: Column[] = await schema.knex.raw(`pragma table_info(${table})`);
    const parents: Parent[] = await schema.knex.raw(`pragma foreign_key_list(${table})`);
    const [{ sql }] = await schema.knex('sqlite_master').where({ name: table }).select('sql');
    for (const row of [0, 1]) {
      const parentOf = new Map(
        parents.map((parent) => [parent.from, `canary-${parent.table}-${parent.to}-${row}`]),
      );
      const values = columns.map(({ name, type, notnull }) => {
        n++;
        if (rule.columns[name] === 'keep' && notnull === 0) return null;
        const treatment: Treatment = rule.columns[name] ?? 'keep';
        if (parentOf.has(name)) return parentOf.get(name);
        if (isReferredTo(name, treatment)) return `canary-${table}-${name}-${row}`;
        return plantedIn({ name, type, treatment, sql, n: n * 2 + row, row });
      });
      rows.push({ table, row: Object.fromEntries(columns.map(({ name }, index) => [name, values[index]])) });
    }
  }
  return rows;
}

/** Ids that foreign keys point to are made so that both sides have the same. */
function isReferredTo(name: string, treatment: Treatment): boolean {
  return name === 'id' && treatment === 'id';
}

function plantedIn(column: {
  name: string;
  type: string;
  treatment: Treatment;
  sql: string;
  n: number;
  row: number;
}): unknown {
  const { name, type, treatment, sql, n, row } = column;
  if (treatment === 'json' || treatment === 'meta') return canaryJson(n);
  if (treatment !== 'keep') return forms[n % forms.length]?.(n);
  if (type.toLowerCase() === 'text') return wordsAllowed(sql, name)[0];
  return /(^|_)at$/.test(name) ? AT + n : 5 + row;
}

/** The words that a check of the schema names. */
export function wordsAllowed(sql: string, column: string): string[] {
  const list = new RegExp(`\\b\`?${column}\`? in \\(([^)]*)\\)`).exec(sql)?.[1] ?? '';
  return [...list.matchAll(/'([^']*)'/g)].map((match) => match[1] ?? '');
}

/** Inserts past triggers, checks and the order of foreign keys, as a superuser of the database could. */
async function pastGuards(
  { knex, engine }: Database,
  work: (insert: (table: string, row: Record<string, unknown>) => Promise<void>) => Promise<void>,
): Promise<void> {
  if (engine === 'sqlite') {
    const triggers = await knex('sqlite_master').where({ type: 'trigger' }).select('name', 'sql');
    for (const { name } of triggers) await knex.raw(`drop trigger ${name}`);
    await knex.raw('pragma foreign_keys = off');
    await knex.raw('pragma ignore_check_constraints = on');
    await work(async (table, row) => void (await knex(table).insert(row)));
    await knex.raw('pragma ignore_check_constraints = off');
    await knex.raw('pragma foreign_keys = on');
    for (const { sql } of triggers) await knex.raw(sql);
    return;
  }
  const { rows } = await knex.raw(
    "select conrelid::regclass::text as name, conname from pg_constraint where contype = 'c' and connamespace = current_schema()::regnamespace",
  );
  for (const { name, conname } of rows) await knex.raw('alter table ?? drop constraint ??', [name, conname]);
  await knex.transaction(async (trx) => {
    await trx.raw('set local session_replication_role = replica');
    await work(async (table, row) => void (await trx(table).insert(row)));
  });
}
