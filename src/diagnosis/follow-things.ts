import { findCard } from '#db/cards.ts';
import type { Sql } from '#db/connection.ts';
import { listOpenOfKind } from '#db/findings.ts';
import { listEventsByObject } from '#db/stripe-events.ts';
import { findPosted, findThing, listThings, type ThingTable } from '#db/things.ts';
import { leadsOf, momentOfThing } from './thing-kind.ts';
import { thingKinds } from './things.ts';
import type { Trail } from './trail.ts';

/** An incident’s timeline may be long; the incident itself shows all of it. */
const ENTRIES_MAX = 50;
/** Customers who pay for what no plan maps are to be mended, so they are few. */
const UNMAPPED_MAX = 200;

/** Adds a thing and says where it leads. */
export async function followThing(sql: Sql, trail: Trail, id: string): Promise<string[]> {
  const leads: string[] = [];
  for (const kind of thingKinds.filter(({ prefix }) => id.startsWith(prefix))) {
    const row = await findThing(sql, kind.table, 'id', id);
    if (!row) continue;
    trail.addMoment(momentOfThing(kind, row));
    leads.push(...leadsOf(kind, row));
    if (kind.table === 'incidents') leads.push(...(await addTimeline(sql, trail, id)));
  }
  return leads;
}

/** A price: what Stripe told of it, and who pays for it while no plan maps it. */
export async function followPrice(sql: Sql, trail: Trail, id: string): Promise<void> {
  trail.add({ events: await listEventsByObject(sql, id) });
  const kind = thingKinds.find(({ table }) => table === 'findings');
  if (!kind) return;
  for (const finding of await listOpenOfKind(sql, 'unmapped_price', '', UNMAPPED_MAX))
    if (JSON.parse(finding.evidence).prices?.includes(id)) trail.addMoment(momentOfThing(kind, finding));
}

/** `INC-7` or `DRILL-8`, as people say it. */
export async function followIncident(sql: Sql, trail: Trail, name: string): Promise<string[]> {
  const row = await findThing(sql, 'incidents', 'number', Number(name.replace(/^[a-z]+-/i, '')));
  return row ? followThing(sql, trail, String(row.id)) : [];
}

async function addTimeline(sql: Sql, trail: Trail, incidentId: string): Promise<string[]> {
  const kind = thingKinds.find(({ table }) => table === 'incident_entries');
  const entries = await listThings(sql, 'incident_entries', { incident_id: incidentId }, ENTRIES_MAX);
  if (kind) for (const row of entries) trail.addMoment(momentOfThing(kind, row));
  return entries.map((row) => String(row.correlation_id));
}

/** The last part of a message’s permalink is its time, without the point (docs.slack.dev: chat.getPermalink). */
const permalink =
  /^https:\/\/[\w.-]+\.slack(?:-gov)?\.com\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?.*)?$/;

export function readPermalink(text: string): { channel: string; ts: string } | null {
  const [, channel, seconds, micros] = permalink.exec(text.replace(/^<|>$/g, '')) ?? [];
  return channel === undefined ? null : { channel, ts: `${seconds}.${micros}` };
}

/** From a message in Slack to what it shows or tells of. */
export async function followPermalink(sql: Sql, text: string): Promise<string[]> {
  const place = readPermalink(text);
  if (!place) return [];
  const { card, message } = await findPosted(sql, place);
  const leads = message ? [String(message.correlation_id), String(message.id)] : [];
  const key = card ?? (message && typeof message.thread_of === 'string' ? message.thread_of : null);
  if (key !== null && (await findCard(sql, key))) leads.push(...key.split(':').slice(1));
  return leads;
}

/** By the ticket that they were made for. */
const withTicket: readonly ThingTable[] = [
  'investigations',
  'escalations',
  'runbook_runs',
  'runbook_suggestions',
];
/** By the request that made them, where no audit row says so. */
const withRequest: readonly ThingTable[] = ['releases', 'incidents', 'health_alerts', 'team_notices'];

/** What a ticket or a request ID stands on, besides what the audit knows of it. */
export async function addSpokenThings(sql: Sql, trail: Trail, text: string): Promise<string[]> {
  const leads: string[] = [];
  const places = [
    ...withTicket.map((table) => [table, { ticket: text }] as const),
    ...withRequest.map((table) => [table, { correlation_id: text }] as const),
  ];
  for (const [table, where] of places) {
    const kind = thingKinds.find((candidate) => candidate.table === table);
    for (const row of kind ? await listThings(sql, table, where, ENTRIES_MAX) : []) {
      if (!kind) continue;
      trail.addMoment(momentOfThing(kind, row));
      leads.push(...leadsOf(kind, row).filter((id) => id !== text));
    }
  }
  return leads;
}
