import type { Sql } from '#db/connection.ts';
import type { CustomerRow } from '#db/customers.ts';
import { listIncidents } from '#db/incidents.ts';
import { findReleaseBetween } from '#db/releases.ts';
import { DAY_MS, MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { clamp } from '#src/core/text.ts';
import { askElsewhere, type Elsewhere, spanAround } from '#src/diagnosis/elsewhere.ts';
import { follow } from '#src/diagnosis/follow.ts';
import { hidePrivate } from '#src/diagnosis/hide-private.ts';
import type { Moment } from '#src/diagnosis/timeline.ts';
import { withoutOwn } from '#src/diagnosis/without-own.ts';
import type { Telemetry } from '#src/gateways/telemetry.ts';
import { incidentName } from '#src/incidents/find.ts';

/** What is looked into. */
export type Question = {
  ticket: string;
  requestId: string | null;
  customer: CustomerRow | null;
  /** About when it happened; milliseconds. */
  aroundAt: number | null;
  windowMs: number;
};

/** What was found, as it is kept with the case: scrubbed where it comes from outside, and short enough to show. */
export type Findings = {
  correlationIds: string[];
  counts: Record<string, number>;
  moments: Pick<Moment, 'at' | 'sentence'>[];
  /** How many things in all, where not all of them are kept. */
  total: number;
  release: { version: string; at: number; url: string | null; isSuspect: boolean } | null;
  incidents: { name: string; title: string; state: string; at: number }[];
  elsewhere: Elsewhere;
};

const MOMENTS_KEPT = 20;
const LINES_KEPT = 30;
const SENTENCE_MAX = 300;
const INCIDENTS_LOOKED_AT = 50;
const RELEASE_WITHIN_MS = 14 * DAY_MS;

/** Playbook, bug investigation 1 and 2: everything that belongs to the ticket, the request or the time. */
export async function lookInto(
  deps: { sql: Sql; settings: Settings; telemetry: Telemetry; now: number },
  question: Question,
): Promise<Findings> {
  const { sql, settings, telemetry, now } = deps;
  const { ticket, requestId, customer, aroundAt, windowMs } = question;
  const around =
    customer && aroundAt !== null
      ? { customerId: customer.id, from: aroundAt - windowMs, to: aroundAt + windowMs }
      : null;
  const ids = [ticket, ...(requestId === null ? [] : [requestId])];
  const trail = await follow(sql, { ids, around }, now);
  // What is kept with the case is read by everybody.
  await hidePrivate(sql, trail, null);
  const { moments, correlationIds } = withoutOwn(trail);
  const asked = [...new Set([...(requestId === null ? [] : [requestId]), ...correlationIds])];
  const known = aroundAt === null ? moments.map(({ at }) => at) : [aroundAt];
  const elsewhere = await askElsewhere(telemetry, {
    ids: asked,
    ...spanAround(known, windowMs, now),
    mayAskByTime: known.length > 0,
  });
  const at = aroundAt ?? moments[0]?.at ?? null;
  return {
    correlationIds: asked.slice(0, 20),
    counts: countsOf(moments),
    moments: nearest(moments, at).map((moment) => ({
      at: moment.at,
      sentence: clamp(moment.sentence, SENTENCE_MAX),
    })),
    total: moments.length,
    release: at === null ? null : await releaseBefore(sql, settings, at),
    incidents: at === null ? [] : await incidentsNear(sql, at, windowMs),
    elsewhere: shortened(elsewhere),
  };
}

function countsOf(moments: readonly Moment[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of moments) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Those nearest to the moment, in their order. */
function nearest(moments: readonly Moment[], at: number | null): Moment[] {
  if (at === null || moments.length <= MOMENTS_KEPT) return moments.slice(-MOMENTS_KEPT);
  const byDistance = [...moments].sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
  return byDistance.slice(0, MOMENTS_KEPT).sort((a, b) => a.at - b.at);
}

async function releaseBefore(sql: Sql, settings: Settings, at: number): Promise<Findings['release']> {
  const release = await findReleaseBetween(sql, at - RELEASE_WITHIN_MS, at);
  if (!release) return null;
  const { version, url, deployed_at: deployedAt } = release;
  const isSuspect = at - deployedAt <= settings.releases.suspect_within_minutes * MINUTE_MS;
  return { version, at: deployedAt, url, isSuspect };
}

/** Those that were open then, or began or ended within the window. */
async function incidentsNear(sql: Sql, at: number, windowMs: number): Promise<Findings['incidents']> {
  const [from, to] = [at - windowMs, at + windowMs];
  return (await listIncidents(sql, INCIDENTS_LOOKED_AT))
    .filter((row) => row.declared_at <= to && (row.resolved_at ?? Number.MAX_SAFE_INTEGER) >= from)
    .map((row) => ({
      name: incidentName(row),
      title: row.private_at === null ? row.title : 'private',
      state: row.state,
      at: row.declared_at,
    }));
}

/** The case keeps what its card shows and some more; the index has the rest. */
function shortened(elsewhere: Elsewhere): Elsewhere {
  const { logs } = elsewhere;
  if (logs.kind !== 'lines' || logs.lines.length <= LINES_KEPT) return elsewhere;
  return { ...elsewhere, logs: { ...logs, lines: logs.lines.slice(0, LINES_KEPT), isCut: true } };
}

export function readFindings(text: string): Findings {
  return JSON.parse(text) as Findings;
}
