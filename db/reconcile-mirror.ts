import type { Client } from 'pg';
import type { Database, Sql } from './connection.ts';
import { prepared } from './sqlite-client.ts';
import { withoutValues } from './without-values.ts';

/** What Lucy has of one subscription on a page: the mirror, its latest invoice, whose it is, and what they may use. */
export type MirrorRow = OwnerFacts & {
  id: string;
  mode: string;
  status: string;
  items: string;
  pause_behavior: string | null;
  cancel_at: number | null;
  ended_at: number | null;
  latest_invoice_id: string | null;
  gone_at: number | null;
  created_at: number;
  stripe_customer_id: string;
  /** Null: linked to nobody. */
  customer_id: string | null;
  paid_status: string | null;
  credits_granted: number | null;
  paid_at: number | null;
};

export type OwnerFacts = {
  tier: string | null;
  access: string | null;
  source: string | null;
  source_ref: string | null;
};

/** Whole seconds in milliseconds: `from` is in it, `before` is not. */
export type Span = { from: number; before: number };

const mirroredSql = `
  select s.id, s.mode, s.status, s.items, s.pause_behavior, s.cancel_at, s.ended_at, s.latest_invoice_id, s.gone_at,
    s.created_at, s.stripe_customer_id, l.customer_id, e.tier, e.access, e.source, e.source_ref,
    p.status as paid_status, p.credits_granted, p.paid_at
  from subscriptions s
  left join customer_links l on l.stripe_customer_id = s.stripe_customer_id and l.status <> 'removed'
  left join entitlements e on e.customer_id = l.customer_id
  left join payments p on p.id = s.latest_invoice_id
  where s.id`;

const madeSql = 'select count(*) as total from subscriptions where gone_at is null and mode =';

const sqlite = {
  mirrored: `${mirroredSql} in (select value from json_each(?))`,
  made: `${madeSql} ? and created_at >= ? and created_at < ?`,
};

const postgres = {
  mirrored: { name: 'lucy-reconcile-mirrored', text: `${mirroredSql} = any($1)` },
  made: { name: 'lucy-reconcile-made', text: `${madeSql} $1 and created_at >= $2 and created_at < $3` },
};

/**
 * What there is here of a page of Stripe's subscriptions: those with its ids, and how many were made in the time that it
 * spans (null: it spans none). Below knex on both engines, because a million subscriptions pass here every night, and
 * putting the question together took longer than its answer.
 */
export async function readMirrorOfPage(
  database: Database,
  page: { ids: readonly string[]; mode: string; span: Span | null },
): Promise<{ mirrored: MirrorRow[]; made: number }> {
  const { client } = database.knex;
  const connection = await client.acquireConnection();
  const made = page.span && [page.mode, page.span.from, page.span.before];
  try {
    if (database.engine === 'sqlite') {
      const mirrored = prepared(connection, sqlite.mirrored).all(JSON.stringify(page.ids)) as MirrorRow[];
      const counted = made && (prepared(connection, sqlite.made).get(made) as { total: number });
      return { mirrored, made: counted?.total ?? 0 };
    }
    const asked: Client = connection;
    const { rows } = await asked.query({ ...postgres.mirrored, values: [page.ids] });
    const counted = made && (await asked.query({ ...postgres.made, values: made }));
    return { mirrored: rows as MirrorRow[], made: Number(counted?.rows[0]?.total ?? 0) };
  } catch (error) {
    throw withoutValues(error);
  } finally {
    await client.releaseConnection(connection);
  }
}

/**
 * When the newest was made behind so many newer ones, of those of a time; null: there are no more than so many. By the index
 * alone, and no further than asked.
 */
export async function findMadeAt(
  sql: Sql,
  within: Span & { mode: string; behind: number },
): Promise<number | null> {
  const row = await sql('subscriptions')
    .where({ mode: within.mode })
    .whereNull('gone_at')
    .where('created_at', '>=', within.from)
    .where('created_at', '<', within.before)
    .orderBy('created_at', 'desc')
    .offset(within.behind)
    .first('created_at');
  return row?.created_at ?? null;
}
