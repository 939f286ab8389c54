import type { Sql } from '#db/connection.ts';
import { type EscalationRow, findEscalation } from '#db/escalations.ts';
import type { Cause } from '#src/core/cause.ts';
import { isoTime } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import type { TeamKey } from '#src/core/settings-routing.ts';
import { counted } from '#src/core/text.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Fact, Reply, ReplyButton } from '#src/replies/reply.ts';
import { type Team, teamOf } from '#src/routing/team-of.ts';
import { readPacket } from './packet.ts';

/** `escalation:esc_…`, the card's key. */
export function cardKey(escalationId: string): string {
  return `escalation:${escalationId}`;
}

export function teamOfRow(settings: Settings, row: EscalationRow): Team {
  return teamOf(settings, row.team as TeamKey);
}

/** “Credits do not decrement” (sofia@firm.com, ZD-812). */
export function matterOf({
  about,
  subject,
  ticket,
}: Pick<EscalationRow, 'about' | 'subject' | 'ticket'>): string {
  const named = [subject, ticket].filter(Boolean).join(', ');
  return `“${about}”${named ? ` (${named})` : ''}`;
}

/** The card of an escalation, from its row alone: who asked, who has it, what was known, how it ended. */
export async function escalationCard(
  sql: Sql,
  settings: Settings,
  id: string,
): Promise<{ row: EscalationRow; reply: Reply; version: number } | null> {
  const row = await findEscalation(sql, id);
  if (!row) return null;
  const packet = readPacket(row.packet);
  const team = teamOfRow(settings, row);
  return {
    row,
    version: row.version,
    reply: {
      tone: row.state === 'open' ? 'warning' : row.state === 'taken' ? 'info' : 'done',
      title: titleOf(row, team),
      // An edit notifies nobody, so this calls the team once, when the card is posted.
      ...(row.state === 'open' ? { mentions: team.mentions } : {}),
      facts: [...stateFacts(row), ...packet.facts],
      sections: packet.sections,
      ...(packet.paste === null ? {} : { paste: packet.paste }),
      ...hintOf(row, team),
      buttons: [...ownButtons(row), ...packet.buttons],
      correlationId: row.correlation_id,
      json: escalationJson(row),
    },
  };
}

function titleOf(row: EscalationRow, team: Team): string {
  const matter = matterOf(row);
  if (row.state === 'open') return `${row.requester_name} asks ${team.name} to look at ${matter}.`;
  if (row.state === 'taken')
    return `${row.taker_name} has ${matter}, which ${row.requester_name} handed to ${team.name}.`;
  return `${row.closer_name} closed ${matter}, which ${row.requester_name} handed to ${team.name}.`;
}

function stateFacts(row: EscalationRow): Fact[] {
  return [
    { label: 'Asked by', value: row.requester_name },
    { label: 'Asked at', value: { at: row.created_at } },
    ...(row.asked > 1 ? [{ label: 'Asked', value: counted(row.asked, 'time') }] : []),
    { label: 'Taken by', value: row.taker_name ?? 'Nobody yet' },
    ...(row.taken_at === null ? [] : [{ label: 'Taken at', value: { at: row.taken_at } }]),
    ...(row.close_reason === null ? [] : [{ label: 'Closed because', value: row.close_reason }]),
    { label: 'Escalation', value: { code: row.id } },
  ];
}

function hintOf(row: EscalationRow, team: Team): { hint?: string } {
  if (row.state === 'closed') return {};
  if (team.key === 'stripe_support')
    return {
      hint: 'Paste the text above into support.stripe.com, and write Stripe’s answer into this thread.',
    };
  return { hint: 'Answer in this thread; the button tells who has it.' };
}

function ownButtons({ id, state }: EscalationRow): ReplyButton[] {
  if (state === 'closed') return [];
  return [
    {
      kind: 'command',
      label: state === 'open' ? 'I take it' : 'I take it over',
      line: `escalation take ${id}${state === 'open' ? '' : ' --over'}`,
    },
    { kind: 'command', label: 'Close …', line: `escalation close ${id}` },
  ];
}

export function escalationJson(row: EscalationRow): Record<string, unknown> {
  return {
    id: row.id,
    team: row.team,
    subject: row.subject || null,
    ticket: row.ticket || null,
    about: row.about,
    state: row.state,
    asked: row.asked,
    askedBy: row.requester_name,
    askedAt: isoTime(row.created_at),
    takenBy: row.taker_name,
    closedBecause: row.close_reason,
    correlationId: row.correlation_id,
  };
}

/** Queues the card’s edit, in the transaction of what changed. */
export async function renewEscalationCard(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  id: string,
): Promise<void> {
  const card = await escalationCard(sql, settings, id);
  if (!card) throw new Error(`Escalation ${id} has no row to make a card of`);
  await renewCard(sql, cause, {
    key: cardKey(id),
    target: card.row.target,
    version: card.version,
    reply: card.reply,
  });
}
