import type { Sql } from '#db/connection.ts';
import {
  countNoticeFindings,
  findNotice,
  listNoticeFindings,
  type NoticeFindingRow,
  type NoticeRow,
} from '#db/team-notices.ts';
import type { Cause } from '#src/core/cause.ts';
import { formatUtc } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import type { TeamKey } from '#src/core/settings-routing.ts';
import { counted } from '#src/core/text.ts';
import { renewCard } from '#src/outbox/post-card.ts';
import type { Reply, ReplyButton, Section } from '#src/replies/reply.ts';
import { escalateLine } from '#src/routing/escalate-line.ts';
import { teamOf } from '#src/routing/team-of.ts';
import { type TroubleId, troubles } from '#src/routing/troubles.ts';
import { readDetails } from './details.ts';

const SHOWN = 20;
const DIAGNOSED = 3;

/** What a team is told, from its rows alone: of one finding in full, of many a line each. */
export async function noticeCard(
  sql: Sql,
  settings: Settings,
  id: string,
): Promise<{ reply: Reply; version: number } | null> {
  const notice = await findNotice(sql, id);
  if (!notice) return null;
  const findings = await listNoticeFindings(sql, id, SHOWN);
  const counts = await countNoticeFindings(sql, id);
  const trouble = troubles[notice.kind as TroubleId];
  const team = teamOf(settings, notice.team as TeamKey);
  const isOver = notice.closed_at !== null;
  const [only] = findings;
  const told = counts.all === 1 && only ? tellOne(notice, only) : tellMany(notice, findings, counts);
  return {
    version: notice.version,
    reply: {
      tone: isOver ? 'done' : 'warning',
      ...told,
      facts: [
        { label: 'What', value: trouble.title },
        { label: 'For', value: `${team.name} (${trouble.seed})` },
        { label: isOver ? 'Well again' : 'Since', value: { at: notice.closed_at ?? notice.opened_at } },
      ],
      ...(isOver ? {} : { mentions: team.mentions }),
      correlationId: notice.correlation_id,
    },
  };
}

type Told = Pick<Reply, 'title' | 'sections' | 'buttons'>;

function tellOne({ team, kind }: NoticeRow, { summary, evidence, healed_at }: NoticeFindingRow): Told {
  const { email, lines, remedy } = readDetails(evidence);
  const sections: Section[] =
    lines.length > 0 ? [{ heading: 'Evidence', lines: lines.map((line) => [`• ${line}`]) }] : [];
  if (healed_at !== null) return { title: `Well again: ${summary}`, sections };
  return {
    title: summary,
    sections,
    buttons: [
      ...(email === null ? [] : [diagnoseButton('Diagnose', email)]),
      ...(remedy ? [{ kind: 'command' as const, ...remedy }] : []),
      // Stripe has no channel here: whoever reads this needs the ticket’s text.
      ...(team === 'stripe_support'
        ? [
            {
              kind: 'command' as const,
              label: 'Prepare the Stripe ticket',
              line: escalateLine(team, email, kind as TroubleId),
            },
          ]
        : []),
    ],
  };
}

function tellMany(
  notice: NoticeRow,
  findings: readonly NoticeFindingRow[],
  counts: { all: number; open: number },
): Told {
  const { title } = troubles[notice.kind as TroubleId];
  const left = counts.all - findings.length;
  const open = findings.filter(({ healed_at }) => healed_at === null);
  const emails = open.map(({ evidence }) => readDetails(evidence).email).filter((email) => email !== null);
  return {
    title:
      counts.open === 0
        ? `All ${counted(counts.all, 'case')} are well again: ${title}.`
        : `${title}: ${counted(counts.open, 'case')} at once${counts.open < counts.all ? `, of ${counts.all}` : ''}.`,
    sections: [
      {
        heading: left > 0 ? `${findings.length} of ${counts.all}` : 'Cases',
        lines: findings.map(({ summary, healed_at }) => [
          healed_at === null ? `• ${summary}` : `• Well again since ${formatUtc(healed_at)}: ${summary}`,
        ]),
      },
    ],
    buttons: emails.slice(0, DIAGNOSED).map((email) => diagnoseButton(`Diagnose ${email}`, email)),
  };
}

function diagnoseButton(label: string, email: string): ReplyButton {
  return { kind: 'command', label, line: `customer diagnose ${email}` };
}

export async function renewNoticeCard(sql: Sql, settings: Settings, cause: Cause, id: string): Promise<void> {
  const notice = await findNotice(sql, id);
  const card = await noticeCard(sql, settings, id);
  if (!notice || !card) throw new Error(`Notice ${id} has no row to make a card of`);
  await renewCard(sql, cause, {
    key: `notice:${id}`,
    target: teamOf(settings, notice.team as TeamKey).target,
    version: card.version,
    reply: card.reply,
  });
}
