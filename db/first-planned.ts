import type { Client } from 'pg';
import { engineOf, type Sql } from './connection.ts';
import { withoutValues } from './without-values.ts';

/**
 * The first row of a query that is asked thousands of times a minute: its SQL is a text, because knex takes several times
 * as long to put it together as the database to answer it. On Postgres its plan is made once for each connection, by
 * name: planning a join of five tables takes fifteen times longer than running it. SQLite keeps its statements anyway
 * (db/sqlite-client.ts). Within a transaction it runs as any other.
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
  if (engineOf(sql) === 'sqlite' || sql.isTransaction) {
    const found = await sql.raw(text, [...values]);
    return (engineOf(sql) === 'sqlite' ? found : found.rows)[0];
  }
  let place = 0;
  const numbered = text.replaceAll('?', () => `$${++place}`);
  const connection: Client = await sql.client.acquireConnection();
  // Whoever listens to knex's statements hears of this one, too.
  sql.client.emit('query', { sql: numbered, bindings: [...values] });
  try {
    const { rows } = await connection.query({ name: `lucy-${name}`, text: numbered, values: [...values] });
    return rows[0];
  } catch (error) {
    throw withoutValues(error);
  } finally {
    await sql.client.releaseConnection(connection);
  }
}
