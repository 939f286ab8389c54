import { type CardRow, listNeglectedCards, wantCard } from '#db/cards.ts';
import type { Database, Sql } from '#db/connection.ts';
import { insertOutbox } from '#db/outbox.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleActor } from '#src/core/actor.ts';
import type { Cause } from '#src/core/cause.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { newId } from '#src/core/ids.ts';
import type { Reply } from '#src/replies/reply.ts';
import { outboxRow } from './post.ts';
import type { RenderCard } from './send-row.ts';

/** A card as it stands in the database: `version` rises with every change of what it shows. */
export type Card = { key: string; target: string; version: number; reply: Reply };

/**
 * Brings a card's message up to date, in the transaction of what changed. What is sent is made from the rows when it
 * is sent, so several changes that wait become one edit, and no two writers ever race for one message.
 */
export async function renewCard(sql: Sql, cause: Cause, card: Card): Promise<void> {
  await wantCard(sql, card);
  await insertOutbox(sql, {
    ...outboxRow(cause, {
      dedupeKey: `card:${card.key}:${card.version}`,
      target: card.target,
      reply: card.reply,
    }),
    card_key: card.key,
  });
}

/** What was given up is tried again a day later, when whatever was wrong may be mended. */
const TRY_AGAIN_MS = DAY_MS;

/**
 * At start and now and then: every card that shows less than its rows say is edited after all, whatever became of its message.
 *
 * @param triesGivenUp at start, also what Slack would not take a little while ago: this may be another version of Lucy
 */
export async function reconcileCards(
  database: Database,
  renderCard: RenderCard,
  now: number,
  triesGivenUp = true,
): Promise<number> {
  const cause: Cause = {
    actor: scheduleActor,
    surface: 'job',
    correlationId: newCorrelationId(now),
    reason: 'Lucy looked whether every card shows what is true',
    ticket: null,
    runId: null,
    now,
  };
  return inTransaction(database, async (sql) => {
    const neglected = await listNeglectedCards(sql, triesGivenUp ? null : now - TRY_AGAIN_MS, 500);
    for (const card of neglected) await queueAgain(sql, cause, renderCard, card);
    return neglected.length;
  });
}

async function queueAgain(sql: Sql, cause: Cause, renderCard: RenderCard, card: CardRow): Promise<void> {
  const rendered = await renderCard(sql, card.key);
  if (!rendered) return;
  await insertOutbox(sql, {
    ...outboxRow(cause, {
      dedupeKey: `card:${card.key}:${card.wanted_version}:${newId('out', cause.now)}`,
      target: card.target,
      reply: rendered.reply,
    }),
    card_key: card.key,
  });
}
