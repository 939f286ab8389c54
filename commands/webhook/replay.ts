import { z } from 'zod';
import { readEvent } from '#src/billing-events/read-event.ts';
import { canReplay, findForReplay, replayEvent } from '#src/billing-events/replay-event.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, eventField } from '#src/runner/fields.ts';

/**
 * Support runbook section 4, step 2. `stripe events resend --forward-to` does not exist, and staging cannot repair
 * production: Lucy replays by id from her own inbox, or from Stripe's Events API.
 */
export const webhookReplay = defineCommand({
  name: 'webhook replay',
  summary: 'Handle a Stripe event again',
  examples: ['webhook replay evt_1Pgc13B7WZ01zgkW61746564 --reason "tier is wrong" --ticket ZD-812'],
  allowed: ['support', 'billing', 'oncall'],
  effect: 'reversible',
  input: z.object({ event: eventField, ...changeInputs }),
  positionals: ['event'],

  gather: ({ event }, { sql, stripe }) => findForReplay(sql, stripe, event),

  async plan({ event: id }, { mode }, found) {
    if (!found) throw new Error('The event was not looked up');
    const type = found.row?.type ?? readEvent(JSON.parse(found.payload ?? '{}'))?.type ?? 'unknown';
    if (found.row?.status === 'quarantined') {
      throw new UserError(
        'refused',
        `Event ${id} is of ${found.row.mode} mode and this Lucy runs in ${mode} mode, so it has no effect here.`,
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
          before: found.row
            ? `${found.row.status}, after ${counted(found.row.attempts, 'try', 'tries')}`
            : 'only at Stripe',
          after: 'handled again',
        },
      ],
      facts: [
        {
          label: 'Effect',
          value:
            'State is fetched from Stripe anew and credits are granted once per payment, so what was right stays.',
        },
      ],
      confirmLabel: 'Replay the event',
      basis: [id, found.row?.status ?? 'stripe'],
      data: { id, type, found, stripeCustomerId: found.row?.stripe_customer_id ?? null },
    };
  },

  async execute({ data, changes }, { sql, cause }) {
    await replayEvent(sql, cause, data.found);
    return {
      title: `${data.id} (${data.type}) is being handled again`,
      customerId: null,
      changes,
      facts: [{ label: 'Next', value: `The outcome shows in a few seconds: webhook show ${data.id}` }],
      before: { status: data.found.row?.status ?? null },
      after: { status: 'received' },
      undo: {
        line: null,
        sentence: 'A replay only brings things in line with Stripe; there is nothing to take back.',
      },
      logs: [{ event: 'webhook_replayed', action: 'webhook_replayed', id: data.id, type: data.type }],
      json: { event: data.id, type: data.type },
    };
  },
});
