import type { Client } from 'pg';
import { engineOf, type Sql } from './connection.ts';
import type { SqliteConnection, SqliteStatement } from './sqlite-client.ts';
import { withoutValues } from './without-values.ts';

/**
 * The first row of a query that is asked thousands of times a minute: its SQL is a text, because knex takes several times
 * as long to put it together, and to carry it, as the database to answer it. It is prepared once for each connection: on
 * Postgres, planning a join of five tables takes fifteen times longer than running it. Within a transaction it runs as any
 * other.
 *
 * @param name the same one always means the same SQL
 * @param text with a ? for each value
 */
export async function firstPlanned<T>(
  sql: Sql,
  name: string,
  text: string,
  values: readonly (string | number)[],
): Promise<T | undefined> {
  const isSqlite = engineOf(sql) === 'sqlite';
  if (sql.isTransaction) {
    const found = await sql.raw(text, [...values]);
    return (isSqlite ? found : found.rows)[0];
  }
  const asked = isSqlite ? text : numbered(text);
  const connection = await sql.client.acquireConnection();
  // Whoever listens to knex's statements hears of this one, too.
  sql.client.emit('query', { sql: asked, bindings: [...values] });
  try {
    if (isSqlite) return preparedOn(connection, name, asked).get(...values) as T | undefined;
    const { rows } = await (connection as Client).query({
      name: `lucy-${name}`,
      text: asked,
      values: [...values],
    });
    return rows[0];
  } catch (error) {
    throw isSqlite ? error : withoutValues(error);
  } finally {
    await sql.client.releaseConnection(connection);
  }
}

/** Postgres counts its values. */
function numbered(text: string): string {
  let place = 0;
  return text.replaceAll('?', () => `$${++place}`);
}

const statements = new WeakMap<SqliteConnection, Map<string, SqliteStatement>>();

function preparedOn(connection: SqliteConnection, name: string, text: string): SqliteStatement {
  const known = statements.get(connection) ?? new Map<string, SqliteStatement>();
  statements.set(connection, known);
  const statement = known.get(name) ?? connection.prepare(text);
  known.set(name, statement);
  return statement;
}
