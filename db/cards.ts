import type { Sql } from './connection.ts';

/** A message that is edited in place. Its key says what it shows: `approval:apr_…`. */
export type CardRow = {
  key: string;
  target: string;
  /** Where Slack put it; null until it was posted. */
  channel: string | null;
  ts: string | null;
  /** The version of the rows that it should show, and the one that it shows. */
  wanted_version: number;
  shown_version: number;
  shown_at: number | null;
};

export async function findCard(sql: Sql, key: string): Promise<CardRow | undefined> {
  return sql<CardRow>('cards').where({ key }).first();
}

/** The card whose message this is. */
export async function findCardByMessage(
  sql: Sql,
  { channel, ts }: { channel: string; ts: string },
): Promise<CardRow | undefined> {
  return sql<CardRow>('cards').where({ channel, ts }).first();
}

/** The card should show at least this version. */
export async function wantCard(
  sql: Sql,
  card: { key: string; target: string; version: number },
): Promise<void> {
  await sql('cards')
    .insert({ key: card.key, target: card.target, wanted_version: card.version, shown_version: 0 })
    .onConflict('key')
    .ignore();
  await sql('cards')
    .where({ key: card.key })
    .where('wanted_version', '<', card.version)
    .update({ wanted_version: card.version });
}

export async function markCardShown(
  sql: Sql,
  key: string,
  shown: { channel: string; ts: string; version: number; at: number },
): Promise<void> {
  await sql('cards').where({ key }).update({
    channel: shown.channel,
    ts: shown.ts,
    shown_version: shown.version,
    shown_at: shown.at,
  });
}

/** Somebody found the message of a card whose place was not known; what it shows is not. */
export async function adoptCardMessage(
  sql: Sql,
  key: string,
  found: { channel: string; ts: string },
): Promise<void> {
  await sql('cards')
    .where({ key })
    .whereNull('ts')
    .update({ ...found, shown_version: 0 });
}

/** What the message shows is not known any more. */
export async function unshowCard(sql: Sql, key: string): Promise<void> {
  await sql('cards').where({ key }).update({ shown_version: 0 });
}

/** The message is gone or cannot be edited any more: the next showing posts a new one. */
export async function forgetCardMessage(sql: Sql, key: string): Promise<void> {
  await sql('cards').where({ key }).update({ channel: null, ts: null, shown_version: 0 });
}

/**
 * Cards that show less than they should, though no message about them waits to be sent.
 *
 * @param givenUpSince what Slack would not take since then is left out until it changes; null: nothing is
 */
export async function listNeglectedCards(
  sql: Sql,
  givenUpSince: number | null,
  limit: number,
): Promise<CardRow[]> {
  return sql<CardRow>('cards as c')
    .whereRaw('c.shown_version < c.wanted_version')
    .whereNotExists(
      sql('outbox as o')
        .whereRaw('o.card_key = c.key')
        .whereIn('o.state', ['pending', 'sending'])
        .select(sql.raw('1')),
    )
    .whereNotExists(
      sql('outbox as o')
        .whereRaw('o.card_key = c.key')
        .whereRaw("(o.dedupe_key || ':') like ('card:' || c.key || ':' || c.wanted_version || ':%')")
        .where({ 'o.state': 'dead' })
        .where('o.created_at', '>=', givenUpSince ?? Number.MAX_SAFE_INTEGER)
        .select(sql.raw('1')),
    )
    .orderBy('c.key')
    .limit(limit)
    .select('c.*');
}
