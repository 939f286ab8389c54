import type { Database } from './connection.ts';
import { workInPostgres } from './spend-batch-postgres.ts';
import type { SpendFacts, SpendQuestion, SpendRows } from './spend-batch-shapes.ts';
import { workInSqlite } from './spend-batch-sqlite.ts';

/**
 * Many spends in one transaction: reads what they ask about with the accounts held, lets `decide` say what is written,
 * and writes it; when it returns, that is durable. Below knex on both engines, because here a customer's every AI call
 * passes: statements are prepared once, and on Postgres a batch is a handful of statements however many spends it has.
 */
export async function spendInOneTransaction<Decided extends { rows: SpendRows }>(
  database: Database,
  questions: readonly SpendQuestion[],
  decide: (facts: SpendFacts) => Decided,
): Promise<Decided> {
  const { client } = database.knex;
  const connection = await client.acquireConnection();
  try {
    if (database.engine === 'sqlite') return workInSqlite(connection, questions, decide);
    return await workInPostgres(connection, questions, decide);
  } finally {
    await client.releaseConnection(connection);
  }
}
