import { prepared, type SqliteConnection } from './sqlite-client.ts';
import type { Row } from './sync-batch-conditions.ts';
import { type Door, shapes } from './sync-batch-doors.ts';
import type { Changes } from './sync-batch-writes.ts';

export function readInSqlite(
  connection: SqliteConnection,
  door: Door,
  keys: readonly (readonly unknown[])[],
): Row[] {
  const statement = prepared(connection, readingOf(door));
  return statement.all(JSON.stringify(keys)) as Row[];
}

const texts = new Map<Door, string>();

/** The statement that reads through a door. `cross join`: the keys come first, and each is looked up in the index. */
export function readingOf(door: Door): string {
  const known = texts.get(door);
  if (known) return known;
  const columns = (shapes.get(door.table)?.read ?? ['*']).map((column) => `t.${column}`).join(', ');
  const fixed = door.columns.map((column, place) => `t."${column}" = k.value ->> ${place}`).join(' and ');
  const only = door.only ? ` and ${door.only.sql}` : '';
  const text = `select ${columns} from json_each(?) as k cross join ${door.table} as t where ${fixed}${only}`;
  texts.set(door, text);
  return text;
}

export function writeInSqlite(connection: SqliteConnection, change: Changes): void {
  const { table, columns } = change;
  const names = columns.map((column) => `"${column}"`);
  const sql =
    change.kind === 'insert'
      ? `insert into ${table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')}) ${change.conflict}`
      : `update ${table} set ${names.map((name) => `${name} = ?`).join(', ')} where "${change.key}" = ?`;
  const statement = prepared(connection, sql);
  for (const row of change.rows) {
    const values = columns.map((column) => row[column] ?? null);
    if (change.kind === 'update') values.push(row[change.key] ?? null);
    statement.run(values);
  }
}
