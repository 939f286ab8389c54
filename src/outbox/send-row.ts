import { findCard, forgetCardMessage, markCardShown } from '#db/cards.ts';
import type { Sql } from '#db/connection.ts';
import type { OutboxRow } from '#db/outbox.ts';
import type { Reply } from '#src/replies/reply.ts';
import { type Announcer, type Posted, SendFailure, type SendProblem } from './announcer.ts';
import { replyOf } from './digest.ts';

/** A card as its rows say it now; null when there is no such thing any more. */
export type RenderCard = (sql: Sql, key: string) => Promise<{ reply: Reply; version: number } | null>;

/** What was sent, and what must be written down together with its row. */
export type Sent = { posted: Posted | null; settle(sql: Sql, at: number): Promise<void> };

const nothingToSettle = async () => {};

/** Sends one row of the outbox: a message, a reply in a card's thread, or a card, which is edited where it stands. */
export async function sendRow(
  sql: Sql,
  announcer: Announcer,
  renderCard: RenderCard,
  row: OutboxRow,
  footnote: string | undefined,
): Promise<Sent> {
  const note = footnote === undefined ? {} : { footnote };
  if (row.card_key) return sendCard(sql, announcer, renderCard, row, row.card_key, note);
  const card = row.thread_of ? await findCard(sql, row.thread_of) : undefined;
  const place = card?.channel && card.ts ? { thread: { channel: card.channel, ts: card.ts } } : {};
  return {
    posted: await announcer.post(row.target, replyOf(row), { ...note, ...place }),
    settle: nothingToSettle,
  };
}

async function sendCard(
  sql: Sql,
  announcer: Announcer,
  renderCard: RenderCard,
  row: OutboxRow,
  key: string,
  note: { footnote?: string },
): Promise<Sent> {
  const card = await findCard(sql, key);
  const rendered = await renderCard(sql, key);
  // An earlier row has shown this already, because what is sent is what is true when it is sent.
  if (!card || !rendered || card.shown_version >= rendered.version)
    return { posted: null, settle: nothingToSettle };
  const edit = card.channel && card.ts ? { edit: { channel: card.channel, ts: card.ts } } : {};
  const posted = await editOrForget(sql, announcer, row.target, key, rendered.reply, edit, note);
  return {
    posted,
    settle: (trx, at) => markCardShown(trx, key, { ...posted, version: rendered.version, at }),
  };
}

/** docs.slack.dev/reference/methods/chat.update, “Errors”: the message cannot be edited, now or ever. */
const beyondEditing = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

/** Gone, too, is a message in a channel that takes none any more, such as the one before the settings named another. */
function isBeyondEditing(problem: SendProblem): boolean {
  return problem.kind === 'refused' && (problem.blame === 'channel' || beyondEditing.has(problem.code));
}

async function editOrForget(
  sql: Sql,
  announcer: Announcer,
  target: string,
  key: string,
  reply: Reply,
  edit: { edit?: Posted },
  note: { footnote?: string },
): Promise<Posted> {
  try {
    return await announcer.post(target, reply, { card: key, ...edit, ...(edit.edit ? {} : note) });
  } catch (error) {
    const isGone = edit.edit && error instanceof SendFailure && isBeyondEditing(error.problem);
    if (!isGone) throw error;
    // Somebody deleted it: it is posted anew, because a decision without its card would be unseen.
    await forgetCardMessage(sql, key);
    return announcer.post(target, reply, { card: key, ...note });
  }
}
