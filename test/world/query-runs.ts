import type { Database, Sql } from '#db/connection.ts';
import { freshDatabase } from './fresh-database.ts';
import { type Act, type Calls, type Member, owners, type SeedRow } from './query-lives.ts';

type Chain = { [name: string]: (...args: readonly unknown[]) => Chain } & PromiseLike<unknown>;

/** A table of three customers' overrides that can be filled anew. */
export async function seededDatabase(): Promise<{
  database: Database;
  seed(rows: readonly SeedRow[]): Promise<void>;
}> {
  const { database } = await freshDatabase();
  await database
    .knex('customers')
    .insert(owners.map((id) => ({ id, email: `${id}@firm.com`, created_at: 1 })));
  const seed = async (rows: readonly SeedRow[]) => {
    await database.knex('overrides').delete();
    if (rows.length > 0)
      await database
        .knex('overrides')
        .insert(rows.map((row) => ({ ...row, reason: 'model', actor: 'model' })));
  };
  return { database, seed };
}

export function rowsLeft({ knex }: Database): Promise<unknown[]> {
  return knex('overrides').orderBy('id').select();
}

export function writtenBy(act: Act): boolean {
  return 'failing' in act || act.calls.some(([name]) => name === 'update' || name === 'insert');
}

/** A member's work: everything it asks, and what it hears. */
export function askAll({ acts, isRefused }: Member, heard: string[]): (sql: Sql) => Promise<void> {
  return async (sql) => {
    heard.length = 0;
    for (const act of acts) {
      if ('calls' in act) heard.push(shown(act, await ask(sql, act.calls)));
      else await failing(sql, act.failing);
    }
    if (isRefused) throw new Error('refused');
  };
}

/** What the same members hear of knex, each in a savepoint. */
export async function knexAnswers({ knex }: Database, members: readonly Member[]): Promise<string[][]> {
  return knex.transaction(async (trx) => {
    const all: string[][] = [];
    for (const member of members) {
      const heard: string[] = [];
      await askAll(member, heard)(trx);
      all.push(heard);
    }
    return all;
  });
}

/** Each question on its own; what cannot be asked says so. */
export async function readAnswers(sql: Sql, members: readonly Member[]): Promise<string[]> {
  const heard: string[] = [];
  for (const act of members.flatMap(({ acts }) => acts)) {
    if (!('calls' in act)) continue;
    try {
      heard.push(shown(act, await ask(sql, act.calls)));
    } catch {
      heard.push('cannot be asked');
    }
  }
  return heard;
}

async function failing(sql: Sql, calls: Calls): Promise<void> {
  const work = async (inner: Sql) => {
    await ask(inner, calls);
    throw new Error('of a savepoint');
  };
  await sql.transaction(work).catch(() => {});
}

function ask(sql: Sql, calls: Calls): PromiseLike<unknown> {
  return calls.reduce(call, sql('overrides') as unknown as Chain);
}

function call(query: Chain, [name, ...args]: Calls[number]): Chain {
  const given = args.map((arg) =>
    isGroup(arg) ? (inner: Chain) => void arg.group.reduce(call, inner) : arg,
  );
  return query[name]?.(...given) ?? query;
}

function isGroup(arg: unknown): arg is { group: Calls } {
  return typeof arg === 'object' && arg !== null && 'group' in arg;
}

/** An answer as text; where nothing orders the rows, the database may, and what an insert answers is the driver's. */
function shown({ calls, isOrdered }: Extract<Act, { calls: Calls }>, answer: unknown): string {
  if (calls.some(([name]) => name === 'insert')) return 'inserted';
  if (!Array.isArray(answer)) return text(answer);
  const rows = answer.map(text);
  return (isOrdered ? rows : rows.sort()).join('\n');
}

function text(row: unknown): string {
  if (typeof row !== 'object' || row === null) return String(row);
  return JSON.stringify(row, Object.keys(row).sort());
}
