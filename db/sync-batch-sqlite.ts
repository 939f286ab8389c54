import { prepared, type SqliteConnection } from './sqlite-client.ts';
import type { Row } from './sync-batch-conditions.ts';
import { type Door, shapes } from './sync-batch-doors.ts';
import type { Changes } from './sync-batch-writes.ts';

export function readInSqlite(
  connection: SqliteConnection,
  door: Door,
  keys: readonly (readonly unknown[])[],
): Row[] {
  const columns = shapes.get(door.table)?.read?.join(', ') ?? '*';
  const fixed = door.columns.map((column) => `"${column}" = ?`).join(' and ');
  const only = door.only ? ` and ${door.only.sql}` : '';
  const statement = prepared(connection, `select ${columns} from ${door.table} where ${fixed}${only}`);
  return keys.flatMap((key) => statement.all(...key) as Row[]);
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
