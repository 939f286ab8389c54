import { type Database, openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';
import { exportRules } from '#src/export/columns.ts';
import type { Treatment } from '#src/export/table-rule.ts';

/** Whatever case it comes in, this word must not leave. */
export const canary = /canary/i;

/** Nor these as words of their own: telephones, cards, postcodes and such (48…), long numbers (1648…), and days before 1960. */
export const planted = /canary|(?<![0-9a-z])(48\d{4}|1648\d{6}(\d{3})?|19[0-5]\d-\d\d-\d\d)(?![0-9a-z])/i;

type Column = { name: string; type: string; notnull: number };
type Parent = { table: string; from: string; to: string };

/** The forms in which something personal is stored, each told from all others by its number. */
const forms = [
  (n: number) => `Sofia Canary said on the phone ${n} that she lives in Canary Street 4`,
  (n: number) => `canary${n}@firm.com`,
  (n: number) => `cus_Canary${n}`,
  (n: number) => `U0CANARY${n}`,
  (n: number) => `cust_01kajq8z4ncanarycana${letters(n).padStart(4, 'a')}`,
  (n: number) => `canary-${n}`,
  (n: number) => `slack:U0CANARY${n}:canary${n}@firm.com`,
  (n: number) => `https://hooks.slack.com/commands/T1/${n}/canary`,
  (n: number) => `credits grant canary${n}@firm.com 100`,
  (n: number) => `anna canary${letters(n)} from ulm`,
  (n: number) => `Canary${letters(n)}`,
  sixDigits,
  (n: number) => `+49 151 ${sixDigits(n)}`,
  (n: number) => `4111 1111 ${sixDigits(n)} 1111`,
  (n: number) => `12/${sixDigits(n)}/67890`,
  (n: number) => `2001:${sixDigits(n)}:0:1`,
  (n: number) => `cus_Canary${n},${sixDigits(n)}`,
  (n: number) => `customer show ${sixDigits(n)}`,
  (n: number) => `customer show a${n}@firm.com --ticket ${sixDigits(n)}`,
  birthday,
  (n: number) => `${birthday(n)} ${sixDigits(n)}`,
  (n: number) => `1648${String(n).padStart(6, '0')}`,
  (n: number) => `1648${String(n).padStart(9, '0')}`,
];

function sixDigits(n: number): string {
  return `48${String(n % 10_000).padStart(4, '0')}`;
}

function birthday(n: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `19${two(Math.trunc(n / 336) % 60)}-${two((Math.trunc(n / 28) % 12) + 1)}-${two((n % 28) + 1)}`;
}

function letters(n: number): string {
  return String(n).replace(/\d/g, (digit) => 'bcdfghjkmn'[Number(digit)] ?? '');
}

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
      floor: Number(sixDigits(n)),
      born: birthday(n),
      first_name: `canary${letters(n)}`,
      'canary key': leaves[5],
      [`canary${n}`]: 1,
    },
    nested: [[{ [`canary${n}@firm.com`]: { deep: leaves } }]],
    phone: Number(sixDigits(n)),
    house: Number(sixDigits(n)),
    kind: `anna canary${letters(n)} from ulm`,
    [sixDigits(n)]: 1,
    [birthday(n)]: 1,
    support_address: { state: `canary${letters(n)}` },
    address: { city: `canary${letters(n)}`, state: `canary${letters(n)}` },
    customer_details: {
      phone: `+49 151 ${sixDigits(n)}`,
      address: {
        line1: sixDigits(n),
        postal_code: sixDigits(n),
        city: `canary${letters(n)}`,
        state: `canary${letters(n)}`,
      },
    },
    payment_method_details: {
      card: { last4: 'canary', exp_month: 11, iin: Number(sixDigits(n)), fingerprint: leaves[5] },
    },
  });
}

/**
 * A row of every form for every table that leaves, related as the schema says, with every form in every column that is
 * not kept: through no command, because no command fills every column.
 *
 * @returns how many values hold something personal
 */
export async function fillWithCanaries(database: Database): Promise<number> {
  const schema = openDatabase('sqlite::memory:');
  await migrate(schema);
  const rows = await rowsOf(schema);
  await schema.close();
  let count = 0;
  await pastGuards(database, async (insert) => {
    for (const { table, row } of rows) {
      count += Object.values(row).filter((value) => planted.test(String(value))).length;
      await insert(table, row);
    }
  });
  return count;
}

async function rowsOf(schema: Database): Promise<{ table: string; row: Record<string, unknown> }[]> {
  const rows: { table: string; row: Record<string, unknown> }[] = [];
  let n = 10;
  for (const [table, rule] of Object.entries(exportRules)) {
    if ('leftOut' in rule) continue;
    const columns: Column[] = await schema.knex.raw(`pragma table_info(${table})`);
    const parents: Parent[] = await schema.knex.raw(`pragma foreign_key_list(${table})`);
    const [{ sql }] = await schema.knex('sqlite_master').where({ name: table }).select('sql');
    for (const row of forms.keys()) {
      const parentOf = new Map(parents.map((parent) => [parent.from, keyOf(parent.table, parent.to, row)]));
      const values = columns.map(({ name, type, notnull }, index) => {
        n++;
        // Of drills only one may be open.
        if (`${table}.${name}` === 'drills.ended_at') return AT;
        if (rule.columns[name] === 'keep' && notnull === 0) return null;
        const treatment: Treatment = rule.columns[name] ?? 'keep';
        if (parentOf.has(name)) return parentOf.get(name);
        if (isReferredTo(name, treatment)) return keyOf(table, name, row);
        return plantedIn({ name, type, treatment, sql, n, row, form: row + index });
      });
      rows.push({ table, row: Object.fromEntries(columns.map(({ name }, index) => [name, values[index]])) });
    }
  }
  return rows;
}

function keyOf(table: string, column: string, row: number): string {
  const keys = [
    `canary-${table}-${column}-${row}`,
    sixDigits(row),
    birthday(row),
    `1648${String(row).padStart(6, '0')}`,
  ];
  return keys[row % keys.length] ?? '';
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
  form: number;
}): unknown {
  const { name, type, treatment, sql, n, row, form } = column;
  if (['json', 'input', 'meta'].includes(treatment)) return canaryJson(n);
  // Nobody but our code or Stripe writes it, so digits stay.
  if (treatment === 'plain') return forms[form % 11]?.(n);
  // Several small words name something that Lucy does.
  if (treatment === 'command') return forms[form % forms.length === 9 ? 0 : form % forms.length]?.(n);
  if (treatment !== 'keep') return forms[form % forms.length]?.(n);
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
