import { z } from 'zod';
import { countEventsByType, listEventsInState, type TypeCount } from '#db/stripe-event-reports.ts';
import { countReplayed, findLastReplay } from '#db/webhook-replays.ts';
import { canReplay } from '#src/billing-events/replay-event.ts';
import { DAY_MS, formatUtc, isoTime } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { clamp, counted } from '#src/core/text.ts';
import { outcomeSection, progressOf } from '#src/event-recovery/replay-card.ts';
import { findUndelivered, type UndeliveredEvent } from '#src/event-recovery/undelivered.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import type { Section, Value } from '#src/replies/reply.ts';
import { type CommandContext, defineLookup } from '#src/runner/define-command.ts';
import { pastMoment, sinceField } from '#src/runner/since-field.ts';

const SHOWN = 10;
const troubled = ['failed', 'dead', 'waiting'] as const;

/** Playbook, webhook failure recovery 1: our own failed events and those that Stripe could not deliver, together. */
export const webhookFailed = defineLookup({
  name: 'webhook failed',
  summary: 'What of Stripe’s events failed here or never arrived',
  examples: ['webhook failed', 'webhook failed --since 7d'],
  allowed: ['billing', 'oncall'],
  effect: 'reads',
  input: z.object({ since: sinceField }),
  positionals: [],

  async answer(input, { sql, stripe, cause: { now } }) {
    const since = pastMoment('since', input.since, now, DAY_MS);
    const here = await countEventsByType(sql, troubled, since);
    const atStripe = await askStripe({ sql, stripe }, since, now);
    const failures = await listEventsInState(sql, { statuses: ['failed', 'dead'], since, limit: SHOWN });
    const failed = here.reduce((sum, row) => sum + (row.status === 'waiting' ? 0 : row.count), 0);
    const missing = atStripe.events.filter((event) => !event.known).length;
    const replayable =
      failed + atStripe.events.filter((event) => !event.known && canReplay(event.type)).length;
    const rows = byType(here, atStripe.events);
    const last = await findLastReplay(sql);
    const sections: Section[] = [
      {
        heading: `Since ${formatUtc(since)}`,
        table: {
          columns: ['Type', 'Failing', 'Dead', 'Unlinked', 'Undelivered', 'Since'],
          rows: rows.map(tableRow),
        },
        empty: 'Nothing.',
      },
    ];
    if (failures.length > 0)
      sections.push({
        heading: 'The oldest that failed here',
        lines: failures.map((row) => [
          { code: row.id },
          `${row.type}, ${row.status}: ${clamp(row.error ?? 'no error kept', 120)}`,
        ]),
      });
    if (last) {
      const progress = progressOf(last, await countReplayed(sql, last.correlation_id));
      sections.push({
        heading: `The last replay of many, by ${last.requested_by}`,
        lines: [[{ at: last.started_at }, `${counted(last.total, 'event')}: ${progress}.`]],
      });
      sections.push(await outcomeSection(sql, last));
    }
    return {
      tone: replayable > 0 ? 'warning' : 'info',
      title: titleOf(failed, atStripe.events.length, missing),
      ...(atStripe.warning === null ? {} : { warnings: [atStripe.warning] }),
      sections,
      ...(replayable > 0 ? { hint: 'Mend the cause first; “webhook health” helps to find it.' } : {}),
      buttons: [
        ...(replayable > 0
          ? [
              {
                kind: 'command' as const,
                label: `Replay all ${replayable}`,
                line: `webhook replay --failed --since ${isoTime(since).slice(0, 19)}Z`,
              },
            ]
          : []),
        ...failures.slice(0, 1).map((row) => ({
          kind: 'command' as const,
          label: 'Show the oldest',
          line: `webhook show ${row.id}`,
        })),
        { kind: 'command' as const, label: 'Health', line: 'webhook health' },
      ],
      json: {
        since: isoTime(since),
        failed,
        undelivered: atStripe.events.length,
        missing,
        types: rows.map(({ since: first, ...row }) => ({ ...row, since: isoTime(first) })),
        failures: failures.map((row) => ({
          id: row.id,
          type: row.type,
          status: row.status,
          error: row.error,
        })),
        lastReplay: last
          ? { run: last.run_id, total: last.total, settled: last.settled, state: last.state }
          : null,
      },
    };
  },
});

type AtStripe = { events: UndeliveredEvent[]; warning: string | null };

async function askStripe(
  { sql, stripe }: Pick<CommandContext, 'sql' | 'stripe'>,
  since: number,
  now: number,
): Promise<AtStripe> {
  if (!stripe)
    return {
      events: [],
      warning: 'Stripe was not asked, because STRIPE_SECRET_KEY is not set here: only our own are shown.',
    };
  try {
    const { events, isWhole } = await findUndelivered(sql, stripe, { since, now });
    return {
      events,
      warning: isWhole ? null : 'Stripe has more undelivered events than are counted here; shorten --since.',
    };
  } catch (error) {
    if (!isStripeTrouble(error)) throw error;
    return {
      events: [],
      warning: `Stripe could not be asked, so only our own are shown: ${errorMessage(error)}`,
    };
  }
}

type TypeRow = {
  type: string;
  failing: number;
  dead: number;
  unlinked: number;
  undelivered: number;
  since: number;
};

function byType(here: readonly TypeCount[], lost: readonly UndeliveredEvent[]): TypeRow[] {
  const rows = new Map<string, TypeRow>();
  const rowOf = (type: string, since: number): TypeRow => {
    const row = rows.get(type) ?? { type, failing: 0, dead: 0, unlinked: 0, undelivered: 0, since };
    row.since = Math.min(row.since, since);
    rows.set(type, row);
    return row;
  };
  for (const { type, status, count, since } of here) {
    const row = rowOf(type, since);
    if (status === 'failed') row.failing += count;
    else if (status === 'dead') row.dead += count;
    else row.unlinked += count;
  }
  for (const event of lost) rowOf(event.type, event.createdAt).undelivered++;
  return [...rows.values()].sort((a, b) => a.type.localeCompare(b.type));
}

function tableRow(row: TypeRow): Value[] {
  return [row.type, ...[row.failing, row.dead, row.unlinked, row.undelivered].map(String), { at: row.since }];
}

function titleOf(failed: number, undelivered: number, missing: number): string {
  if (failed + undelivered === 0) return 'No Stripe event failed here, and none is known to be lost.';
  const brought = undelivered - missing;
  const lost =
    undelivered === 0
      ? 'Stripe delivered all that it knows of'
      : `${counted(undelivered, 'event')} did not arrive by webhook, ${brought} of which Lucy fetched herself`;
  return `${failed === 0 ? 'No Stripe event' : counted(failed, 'Stripe event')} failed here, and ${lost}.`;
}
