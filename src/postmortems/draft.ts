import type { Sql } from '#db/connection.ts';
import { findFirstOpenAt, type HealthAlertRow } from '#db/health-alerts.ts';
import { type IncidentEntryRow, listIncidentEntries } from '#db/incident-entries.ts';
import { type IncidentImpact, readIncidentImpact } from '#db/incident-impact.ts';
import { type IncidentUpdateRow, listIncidentUpdates } from '#db/incident-updates.ts';
import type { IncidentRow } from '#db/incidents.ts';
import {
  findPostmortem,
  listActions,
  type PostmortemActionRow,
  type PostmortemRow,
} from '#db/postmortems.ts';
import type { ReleaseRow } from '#db/releases.ts';
import { formatUtc, HOUR_MS, spanWords } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted, listed } from '#src/core/text.ts';
import { isDrill } from '#src/incidents/drill-mark.ts';
import { incidentName } from '#src/incidents/find.ts';
import { noteWords } from '#src/incidents/note-words.ts';
import { severityOf } from '#src/incidents/severity.ts';
import { findSuspect, suspectWords } from '#src/releases/suspect.ts';

/** An alert that began longer before is about something else. */
const SIGNS_WITHIN_MS = 2 * HOUR_MS;

/** Everything that a postmortem says, in the order in which it is read. */
export type Draft = {
  name: string;
  title: string;
  about: string[];
  /** What people wrote; null while nobody did. */
  written: { heading: string; text: string | null }[];
  impact: { label: string; value: string }[];
  timeline: { at: string; who: string; what: string }[];
  actions: { id: string; text: string; owner: string; due: string; isDone: boolean }[];
  missing: string[];
};

/** Made of the records each time, so that what is corrected there is right here. */
export async function readDraft(
  sql: Sql,
  settings: Settings,
  incident: IncidentRow,
  now: number,
): Promise<Draft> {
  const row = await findPostmortem(sql, incident.id);
  const until = incident.resolved_at ?? now;
  const entries = await listIncidentEntries(sql, incident.id);
  const updates = await listIncidentUpdates(sql, [incident.id]);
  const sign = await findFirstSign(sql, incident);
  const beganAt = sign?.began_at ?? incident.declared_at;
  const impact = await readIncidentImpact(sql, beganAt, until);
  const suspect = await findSuspect(sql, settings, beganAt);
  return {
    name: incidentName(incident),
    title: `${incidentName(incident)}: ${incident.title}`,
    about: [
      `${formatUtc(incident.declared_at)} to ${incident.resolved_at === null ? 'now, not resolved yet' : formatUtc(incident.resolved_at)}, ${spanWords(until - incident.declared_at)}`,
      `Severity ${severityOf(incident.severity)}. Commander: ${incident.commander_name ?? 'nobody'}.`,
      stateOf(row),
    ],
    written: [
      { heading: 'What happened', text: row?.summary ?? null },
      { heading: 'Why it happened', text: row?.cause ?? null },
      { heading: 'What was learnt', text: row?.lessons ?? null },
    ],
    impact: [...countedFrom(sign), ...impactOf(impact, updates, suspect, beganAt)],
    timeline: entries.map(lineOf),
    actions: (await listActions(sql, incident.id)).map(actionOf),
    missing: [...(row?.summary ? [] : ['what happened']), ...(row?.cause ? [] : ['why it happened'])],
  };
}

/** An outage begins before somebody declares it: with the alert that was open then, if there was one. */
async function findFirstSign(sql: Sql, incident: IncidentRow): Promise<HealthAlertRow | undefined> {
  const { declared_at: at } = incident;
  return isDrill(incident) ? undefined : findFirstOpenAt(sql, at, at - SIGNS_WITHIN_MS);
}

function countedFrom(sign: HealthAlertRow | undefined): Draft['impact'] {
  if (!sign) return [];
  return [
    { label: 'Counted', value: `from ${formatUtc(sign.began_at)}, when the alert began: ${sign.detail}` },
  ];
}

function stateOf(row: PostmortemRow | undefined): string {
  if (!row) return 'No postmortem is owed before it is resolved.';
  if (row.state === 'draft') return `A draft, due ${formatUtc(row.due_at)}.`;
  const by = `${row.ended_by ?? 'somebody'}, ${formatUtc(row.ended_at ?? 0)}`;
  return row.state === 'filed' ? `Filed by ${by}.` : `Waived by ${by}: ${row.ended_reason}`;
}

function impactOf(
  impact: IncidentImpact,
  updates: readonly IncidentUpdateRow[],
  suspect: ReleaseRow | undefined,
  beganAt: number,
): Draft['impact'] {
  const refunds = impact.refunds.map(
    ({ currency, count, amount }) => `${counted(count, 'refund')}, ${formatMoney(amount, currency)}`,
  );
  return [
    { label: 'Customers touched', value: String(impact.customers) },
    {
      label: 'Credits given',
      value:
        impact.grants.count === 0
          ? 'none'
          : `${impact.grants.credits.toLocaleString('en-US')} in ${counted(impact.grants.count, 'grant')}`,
    },
    { label: 'Refunds', value: refunds.length > 0 ? listed(refunds) : 'none' },
    { label: 'Stripe events that stumbled or got lost', value: String(impact.failedEvents) },
    { label: 'Updates for customers', value: punctuality(updates) },
    {
      label: 'Released before',
      value: suspect ? suspectWords(suspect, beganAt) : 'nothing that was reported',
    },
  ];
}

/** The playbook’s 30 minutes, kept or not. */
function punctuality(updates: readonly IncidentUpdateRow[]): string {
  if (updates.length === 0) return 'none was published';
  const late = updates.map(({ published_at, due_at }) => published_at - due_at).filter((ms) => ms > 0);
  if (late.length === 0) return `${updates.length} published, all in time`;
  return `${updates.length} published, ${late.length} late by up to ${spanWords(Math.max(...late))}`;
}

function lineOf(entry: IncidentEntryRow): Draft['timeline'][number] {
  return { at: formatUtc(entry.at), who: entry.actor_name, what: noteWords(entry) };
}

function actionOf(row: PostmortemActionRow): Draft['actions'][number] {
  return {
    id: row.id,
    text: row.text,
    owner: row.owner_name,
    due: row.due_at === null ? 'no date' : formatUtc(row.due_at).slice(0, 10),
    isDone: row.done_at !== null,
  };
}
