import { z } from 'zod';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { readEvent } from '#src/billing-events/read-event.ts';
import { canReplay, findForReplay, replayEvent } from '#src/billing-events/replay-event.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { requireHealthy } from '#src/event-recovery/probe-health.ts';
import {
  batchChanges,
  gatherBatch,
  type ReplayBatch,
  replayBatch,
} from '#src/event-recovery/replay-batch.ts';
import { defineCommand, type Plan } from '#src/runner/define-command.ts';
import { changeInputs, fieldMeta, flagField, optionalTextField } from '#src/runner/fields.ts';
import { eventField } from '#src/runner/id-fields.ts';
import { pastMoment, sinceField } from '#src/runner/since-field.ts';

type Found =
  | { kind: 'one'; id: string; row: StripeEventRow | null; payload: string | null }
  | { kind: 'batch'; batch: ReplayBatch; health: string };

const BATCH_DEFAULT = 100;
const BATCH_MAX = 500;

/**
 * Support runbook section 4, step 2. `stripe events resend --forward-to` does not exist, and staging cannot repair
 * production: Lucy replays by id from her own inbox, or from Stripe's Events API; or all that failed, once the
 * endpoint is well again (playbook, webhook failure recovery 2).
 */
export const webhookReplay = defineCommand({
  name: 'webhook replay',
  summary: 'Handle a Stripe event again, or all that failed',
  examples: [
    'webhook replay evt_1Pgc13B7WZ01zgkW61746564 --reason "tier is wrong" --ticket ZD-812',
    'webhook replay --failed --since 24h --type "invoice.*" --reason "the database is back"',
  ],
  allowed: ['support', 'billing', 'oncall'],
  effect: 'reversible',
  input: z.object({
    event: eventField.optional().meta({ ...fieldMeta(eventField) }),
    failed: flagField({
      label: 'All that failed',
      hint: 'Instead of one event: everything that failed or got lost',
    }),
    since: sinceField,
    type: optionalTextField(100, { label: 'Only this type', placeholder: 'invoice.*' }),
    limit: optionalTextField(4, { label: 'At most', placeholder: String(BATCH_DEFAULT) }),
    ...changeInputs,
  }),
  positionals: ['event'],

  async gather(input, { sql, stripe, cause: { now } }): Promise<Found> {
    const { event: id, failed, type } = input;
    if (failed === (id !== undefined)) throw eitherOr(id);
    if (id !== undefined) return { kind: 'one', id, ...(await findForReplay(sql, stripe, id)) };
    const since = pastMoment('since', input.since, now, DAY_MS);
    const limit = limitOf(input.limit);
    const health = await requireHealthy(sql, stripe, now);
    return { kind: 'batch', health, batch: await gatherBatch(sql, stripe, { since, now, type, limit }) };
  },

  async plan(_input, { mode }, found) {
    if (!found) throw new Error('The event was not looked up');
    return found.kind === 'one' ? planOne(found, mode) : planBatch(found);
  },

  async execute({ data: found, changes, title }, { sql, cause }) {
    const undo = {
      line: null,
      sentence: 'A replay only brings things in line with Stripe; there is nothing to take back.',
    };
    if (found.kind === 'batch') {
      const { events } = found.batch;
      await replayBatch(sql, cause, found.batch);
      return {
        title: `${counted(events.length, 'Stripe event')} ${events.length === 1 ? 'is' : 'are'} being handled again`,
        customerId: null,
        changes,
        facts: [
          {
            label: 'Next',
            value: 'A card in the on-call channel shows how it goes, and “webhook failed” too.',
          },
        ],
        before: { asked: title },
        after: { status: 'received', events: events.map((event) => event.id) },
        undo,
        logs: [{ event: 'webhooks_replayed', action: 'webhooks_replayed', count: events.length }],
        json: { events: events.map((event) => event.id), health: found.health },
      };
    }
    const { id, row } = found;
    const type = typeOf(found);
    await replayEvent(sql, cause, found);
    return {
      title: `${id} (${type}) is being handled again`,
      customerId: null,
      changes,
      facts: [{ label: 'Next', value: `The outcome shows in a few seconds: webhook show ${id}` }],
      before: { status: row?.status ?? null },
      after: { status: 'received' },
      undo,
      logs: [{ event: 'webhook_replayed', action: 'webhook_replayed', id, type }],
      json: { event: id, type },
    };
  },
});

function planOne(found: Extract<Found, { kind: 'one' }>, mode: string): Plan<Found> {
  const { id, row } = found;
  const type = typeOf(found);
  if (row?.status === 'quarantined') {
    throw new UserError(
      'refused',
      `Event ${id} is of ${row.mode} mode and this Lucy runs in ${mode} mode, so it has no effect here.`,
      'Replay it at the Lucy of its own mode.',
    );
  }
  if (!canReplay(type))
    throw new UserError(
      'invalid',
      `Lucy does not act on ${type}, so replaying it would do nothing.`,
      'Look at it with “webhook show”.',
      { event: `Lucy does not act on ${type}.` },
    );
  return {
    title: `Replay ${id} (${type})`,
    customerId: null,
    changes: [
      {
        label: 'Event',
        before: row ? `${row.status}, after ${counted(row.attempts, 'try', 'tries')}` : 'only at Stripe',
        after: 'handled again',
      },
    ],
    facts: [effectFact],
    confirmLabel: 'Replay the event',
    basis: [id, row?.status ?? 'stripe'],
    data: found,
  };
}

function planBatch(found: Extract<Found, { kind: 'batch' }>): Plan<Found> {
  const { batch, health } = found;
  const { events, hasMore } = batch;
  if (events.length === 0)
    throw new UserError(
      'not_found',
      'Nothing failed or got lost in that time that a replay could mend.',
      'Look further back with --since 7d; “webhook failed” shows what there is.',
    );
  const noun = counted(events.length, 'Stripe event');
  return {
    title: `Replay ${noun}`,
    customerId: null,
    changes: batchChanges(batch),
    facts: [effectFact, { label: 'Endpoint', value: health }],
    warnings: hasMore ? [`There are more than these ${events.length}: replay again when they are done.`] : [],
    confirmLabel: `Replay ${noun}`,
    basis: events.map((event) => event.id).sort(),
    data: found,
  };
}

const effectFact = {
  label: 'Effect',
  value:
    'State is fetched from Stripe anew and credits are granted once per payment, so what was right stays.',
};

function typeOf({ row, payload }: Extract<Found, { kind: 'one' }>): string {
  return row?.type ?? readEvent(JSON.parse(payload ?? '{}'))?.type ?? 'unknown';
}

function eitherOr(id: string | undefined): UserError {
  return id === undefined
    ? new UserError(
        'usage',
        'Say which event, or --failed for all that failed.',
        'For example: webhook replay --failed --since 24h',
        {
          event: 'Name an event, or choose all that failed.',
        },
      )
    : new UserError('usage', 'One event or all that failed: not both.', 'Leave out the event, or --failed.', {
        failed: 'Leave out the event, or this.',
      });
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return BATCH_DEFAULT;
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= BATCH_MAX) return limit;
  throw fieldError('limit', `Give a number from 1 to ${BATCH_MAX}.`, 'Replay the rest when these are done.');
}
