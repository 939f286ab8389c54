import { createRequire } from 'node:module';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { withoutValues } from './without-values.ts';

type PostgresQuery = { sql: string; bindings?: unknown[]; response?: unknown };

type Queries = { _query(connection: Client, query: PostgresQuery): Promise<PostgresQuery> };

const require = createRequire(import.meta.url);

/** knex's own Postgres client; its class has no types of its own beyond `Knex.Client`. */
const KnexPostgresClient: typeof Knex.Client = require('knex/lib/dialects/postgres/index.js');
const { _query: ask } = KnexPostgresClient.prototype as Knex.Client & Queries;

/** knex's Postgres client, whose errors say what failed and never with which values. */
export class PostgresClient extends KnexPostgresClient {
  async _query(connection: Client, query: PostgresQuery): Promise<PostgresQuery> {
    try {
      return await ask.call(this as Knex.Client & Queries, connection, query);
    } catch (error) {
      throw withoutValues(error);
    }
  }
}
