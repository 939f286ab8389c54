import { formatUtc, isoTime } from '#src/core/clock.ts';
import { entryJson, signed } from '#src/credits/describe.ts';
import type { Reply, Section, Value } from '#src/replies/reply.ts';
import { elsewhereJson, elsewhereSections, foundWords } from './describe-elsewhere.ts';
import type { Elsewhere } from './elsewhere.ts';
import { timelineOf, titleOf } from './timeline.ts';
import { toldOnce } from './told-once.ts';
import type { Trail } from './trail.ts';

/** What happened last is what is looked for; the rest is in the JSON. */
const LINES_SHOWN = 10;
const ROWS_SHOWN = 20;

/**
 * A trail for people: the newest sentences in order, then tables of what the sentences do not say, and everything as
 * JSON. An act is told once, in the timeline, and not again by its command and its message.
 */
export function describeTrail(asked: string, trail: Trail, elsewhere: Elsewhere): Reply {
  const moments = timelineOf(trail);
  const first = moments[0];
  const last = moments.at(-1);
  const told = toldOnce(asked, trail, moments);
  const shown = told.slice(-LINES_SHOWN);
  const hidden = told.length - shown.length;
  const runs = new Map([...trail.audit.values()].map((row) => [row.id, row.run_id]));
  const span =
    first && last && first.at !== last.at ? `between ${formatUtc(first.at)} and ${formatUtc(last.at)}` : '';
  const ids = [...trail.correlationIds];
  return {
    tone: 'info',
    title: `${asked} leads to ${foundWords(moments.length, elsewhere)} ${span}`.trim().concat('.'),
    facts: ids.slice(0, 5).map((id) => ({ label: 'Correlation ID', value: { code: id } })),
    sections: [
      {
        heading: hidden > 0 ? `Timeline (the newest ${shown.length} of ${told.length})` : 'Timeline',
        lines: shown.map(({ moment, times }): Value[] => {
          const run = times === 1 ? runs.get(moment.id) : null;
          const said = times > 1 ? `${moment.sentence} (×${times})` : moment.sentence;
          return [{ at: moment.at }, said, ...(run ? [{ code: run }] : [])];
        }),
      },
      ...tables(trail).filter((section) => (section.table?.rows.length ?? 0) > 0),
      ...elsewhereSections(elsewhere),
    ],
    warnings: hidden > 0 ? [`The ${hidden} earliest are left out here; --json has everything.`] : [],
    json: {
      asked,
      ...trailJson(trail),
      elsewhere: elsewhereJson(elsewhere),
      timeline: moments.map((moment) => ({ ...moment, at: isoTime(moment.at) })),
    },
  };
}

function tables(trail: Trail): Section[] {
  return [
    table('Stripe events', ['Received', 'Type', 'Status', 'Event'], [...trail.events.values()], (row) => [
      { at: row.received_at },
      row.type,
      row.status,
      { code: row.id },
    ]),
    table('Credit ledger', ['When', 'Credits', 'Balance', 'Entry'], [...trail.entries.values()], (row) => [
      { at: row.at },
      signed(row.amount),
      String(row.balance_after),
      { code: row.id },
    ]),
    table(
      'Entitlement changes',
      ['When', 'Tier', 'Access', 'Caused by'],
      [...trail.changes.values()],
      (row) => [
        { at: row.at },
        `${row.from_tier} → ${row.to_tier}`,
        `${row.from_access} → ${row.to_access}`,
        { code: row.cause_ref },
      ],
    ),
  ];
}

function table<T>(
  heading: string,
  columns: string[],
  rows: readonly T[],
  show: (row: T) => Value[],
): Section {
  const hidden = rows.length - ROWS_SHOWN;
  return {
    heading: hidden > 0 ? `${heading} (the last ${ROWS_SHOWN} of ${rows.length})` : heading,
    table: { columns, rows: rows.slice(-ROWS_SHOWN).map(show) },
  };
}

function trailJson(trail: Trail): Record<string, unknown> {
  return {
    correlationIds: [...trail.correlationIds],
    audit: [...trail.audit.values()].map((row) => ({
      id: row.id,
      at: isoTime(row.at),
      actor: row.actor_id,
      surface: row.surface,
      command: row.command,
      outcome: row.outcome,
      run: row.run_id,
      input: JSON.parse(row.input),
      before: JSON.parse(row.before),
      after: JSON.parse(row.after),
      reason: row.reason,
      ticket: row.ticket,
      correlationId: row.correlation_id,
    })),
    runs: [...trail.runs.values()].map((run) => ({
      id: run.id,
      command: run.command,
      state: run.state,
      actor: run.actor_id,
      undoneBy: run.undone_by,
      at: isoTime(run.created_at),
      correlationId: run.correlation_id,
    })),
    events: [...trail.events.values()].map((event) => ({
      id: event.id,
      type: event.type,
      status: event.status,
      object: event.object_id,
      stripeCustomer: event.stripe_customer_id,
      outcome: event.outcome,
      error: event.error,
      deliveries: event.delivery_count,
      receivedAt: isoTime(event.received_at),
      correlationId: event.correlation_id,
    })),
    ledger: [...trail.entries.values()].map(entryJson),
    entitlementChanges: [...trail.changes.values()].map((change) => ({
      id: change.id,
      from: { tier: change.from_tier, access: change.from_access },
      to: { tier: change.to_tier, access: change.to_access },
      cause: change.cause_ref,
      reason: change.reason,
      at: isoTime(change.at),
      correlationId: change.correlation_id,
    })),
    messages: [...trail.messages.values()].map((message) => ({
      id: message.id,
      target: message.target,
      state: message.state,
      title: titleOf(message),
      at: isoTime(message.created_at),
      correlationId: message.correlation_id,
    })),
    mails: [...trail.mails.values()].map((mail) => ({
      id: mail.id,
      stage: mail.stage,
      state: mail.state,
      at: isoTime(mail.created_at),
      correlationId: mail.correlation_id,
    })),
    usage: [...trail.usage.values()].map((usage) => ({
      id: usage.usage_id,
      credits: usage.credits,
      at: isoTime(usage.received_at),
      correlationId: usage.correlation_id,
    })),
    things: [...trail.things.values()].map((thing) => ({ ...thing, at: isoTime(thing.at) })),
  };
}
