import type { Sql } from '#db/connection.ts';
import { shortChange } from '#src/audit/describe-row.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';
import { clamp, listed } from '#src/core/text.ts';
import { explainTier } from '#src/customers/describe.ts';
import { readPicture } from '#src/customers/picture.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import type { Fact, ReplyButton, Section } from '#src/replies/reply.ts';
import type { Evidence } from './evidence.ts';
import type { Subject } from './subject.ts';

/** What a team gets to read, as it was when it was asked. */
export type Packet = {
  facts: Fact[];
  sections: Section[];
  buttons: ReplyButton[];
  /** For Stripe’s form. */
  paste: string | null;
};

/** Runbook section 5, prefilled: the customer, what was tried, what failed, and the ids and commands to go on with. */
export async function makePacket(
  sql: Sql,
  given: { settings: Settings; mode: string; subject: Subject; ticket: string; now: number },
  evidence: Evidence,
): Promise<Packet> {
  return {
    facts: await customerFacts(sql, given),
    sections: [triedSection(evidence), eventSection(evidence), ...idSections(evidence)],
    buttons: buttonsOf(given.subject, given.ticket, evidence),
    paste: null,
  };
}

export function readPacket(text: string): Packet {
  return JSON.parse(text) as Packet;
}

async function customerFacts(
  sql: Sql,
  { settings, mode, subject, now }: { settings: Settings; mode: string; subject: Subject; now: number },
): Promise<Fact[]> {
  if (!subject.customer) return subject.shown ? [{ label: 'About', value: { code: subject.shown } }] : [];
  const picture = await readPicture(sql, mode, subject.customer, now);
  const { entitlement, credits, links, subscriptions } = picture;
  const stripe = [...links.map((link) => link.stripe_customer_id), ...subscriptions.map((row) => row.id)];
  return [
    { label: 'Customer', value: subject.shown },
    {
      label: 'Tier',
      value: `${entitlement?.tier ?? lowestTier(settings)}, access ${entitlement?.access ?? 'full'}. ${explainTier(picture)}`,
    },
    {
      label: 'Credits',
      value: `${credits.balance}, ${credits.held} held, ${credits.debt} owed`,
    },
    {
      label: 'Stripe',
      value: stripe.length > 0 ? { code: stripe.join(' ') } : 'No Stripe customer is linked',
    },
    ...picture.findings.map((finding) => ({ label: 'Finding', value: finding.summary })),
  ];
}

function triedSection({ tried }: Evidence): Section {
  return {
    heading: 'What was tried',
    lines: tried.map((row) => [
      { at: row.at },
      `${row.actor_name}: ${row.command}, ${row.outcome}${changeWords(row)}`,
      ...(row.run_id ? [{ code: row.run_id }] : []),
    ]),
    empty: 'Nothing that Lucy knows of in the last seven days.',
  };
}

/** What an act changed, so that nobody has to look each of them up; nothing where it changed nothing. */
function changeWords({ outcome, before, after }: Evidence['tried'][number]): string {
  const words = outcome === 'done' ? shortChange(before, after) : '';
  return words === '' ? '' : ` (${words})`;
}

function eventSection({ failing }: Evidence): Section {
  return {
    heading: 'Stripe events that did not come through',
    lines: failing.map((row) => [
      { code: row.id },
      clamp(`${row.type}, ${row.status}: ${row.error ?? 'no error kept'}`, 160),
    ]),
    empty: 'None.',
  };
}

function idSections({ correlationIds }: Evidence): Section[] {
  if (correlationIds.length === 0)
    return [{ heading: 'Correlation IDs', lines: [], empty: 'None is known.' }];
  const [ours, callers] = [
    correlationIds.filter((id) => id.startsWith('cor_')),
    correlationIds.filter((id) => !id.startsWith('cor_')),
  ];
  return [
    ...(ours.length > 0 ? [{ heading: 'Correlation IDs', lines: ours.map((code) => [{ code }]) }] : []),
    ...(callers.length > 0
      ? [{ heading: 'Request IDs (X-Request-ID)', lines: callers.map((code) => [{ code }]) }]
      : []),
  ];
}

function buttonsOf(subject: Subject, ticket: string, evidence: Evidence): ReplyButton[] {
  const lines: [string, string][] = [];
  if (subject.customer) {
    lines.push(
      ['Diagnose', `customer diagnose ${subject.shown}`],
      ['Customer', `customer show ${subject.shown}`],
    );
  } else if (subject.shown) lines.push(['Trace', lineWithFlags('trace', [['id', subject.shown]])]);
  if (ticket) lines.push([`Trace ${clamp(ticket, 30)}`, lineWithFlags('trace', [['id', ticket]])]);
  const [failing] = evidence.failing;
  if (failing) lines.push(['First failed event', `webhook show ${failing.id}`]);
  return lines.map(([label, line]) => ({ kind: 'command', label, line }));
}

/** In one line, for a preview. */
export function packetWords({ tried, failing, correlationIds }: Evidence): string {
  return listed([
    `${tried.length} ${tried.length === 1 ? 'act' : 'acts'} of the last days`,
    `${failing.length} ${failing.length === 1 ? 'event' : 'events'} that did not come through`,
    `${correlationIds.length} correlation ${correlationIds.length === 1 ? 'ID' : 'IDs'}`,
  ]);
}
