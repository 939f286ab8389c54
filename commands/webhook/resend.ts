import { z } from 'zod';
import { findStripeEvent } from '#db/stripe-events.ts';
import { insertResend } from '#db/webhook-resends.ts';
import { readEvent } from '#src/billing-events/read-event.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { requireHealthy } from '#src/event-recovery/probe-health.ts';
import { requireEndpoint } from '#src/event-recovery/resend.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, optionalTextField } from '#src/runner/fields.ts';
import { eventField } from '#src/runner/id-fields.ts';

/**
 * The playbook's `stripe events resend`. Stripe documents no request for it; Lucy makes the one that Stripe's own
 * command line makes (stripe-cli, pkg/cmd/resource/events_resend.go), and says so when Stripe takes it no more.
 */
export const webhookResend = defineCommand({
  name: 'webhook resend',
  summary: 'Ask Stripe to send an event to Lucy again',
  examples: ['webhook resend evt_1Pgc13B7WZ01zgkW61746564 --reason "it never came" --ticket INC-7'],
  allowed: ['billing', 'oncall'],
  effect: 'reversible',
  input: z.object({
    event: eventField,
    endpoint: optionalTextField(100, {
      label: 'Endpoint',
      placeholder: 'we_…',
      hint: 'Only when several endpoints send to Lucy',
    }),
    ...changeInputs,
  }),
  positionals: ['event'],

  async gather({ event: id, endpoint: wanted }, { sql, stripe, cause: { now } }) {
    if (!stripe)
      throw new UserError(
        'unavailable',
        'Without STRIPE_SECRET_KEY Lucy cannot ask Stripe.',
        'Set STRIPE_SECRET_KEY, or do it from Slack.',
      );
    const event = readEvent(JSON.parse((await stripe.getEvent(id)) ?? 'null'));
    if (!event)
      throw new UserError(
        'not_found',
        `Stripe has no event ${id}; it keeps events for 30 days.`,
        'If our inbox has it, “webhook replay” handles it again.',
        { event: 'Stripe has no such event.' },
      );
    const endpoint = await requireEndpoint(sql, stripe, wanted);
    return { endpoint, type: event.type, health: await requireHealthy(sql, stripe, now) };
  },

  async plan({ event: id }, { sql }, found) {
    if (!found) throw new Error('The event was not looked up');
    const row = await findStripeEvent(sql, id);
    const { endpoint, type, health } = found;
    return {
      title: `Ask Stripe to send ${id} (${type}) again`,
      customerId: null,
      changes: [
        {
          label: 'Event',
          before: row
            ? `${row.status}, after ${counted(row.delivery_count, 'delivery', 'deliveries')}`
            : 'not in the inbox',
          after: 'sent to Lucy once more',
        },
      ],
      facts: [
        { label: 'Endpoint', value: `${endpoint.id} (${endpoint.url})` },
        { label: 'Probe', value: health },
        {
          label: 'Effect',
          value: 'What was handled already is not handled twice; to handle it again, replay it.',
        },
      ],
      confirmLabel: 'Ask Stripe to send it',
      basis: [id, endpoint.id],
      data: { id, type, endpointId: endpoint.id, deliveries: row?.delivery_count ?? 0 },
    };
  },

  async execute({ data: { id, type, endpointId, deliveries }, changes }, { sql, cause }) {
    if (cause.runId === null) throw new Error('A resend is asked for by a run');
    await insertResend(sql, {
      run_id: cause.runId,
      event_id: id,
      endpoint_id: endpointId,
      requested_by: cause.actor.name,
      correlation_id: cause.correlationId,
      state: 'queued',
      attempts: 0,
      next_attempt_at: cause.now,
      error: null,
      created_at: cause.now,
      ended_at: null,
    });
    return {
      title: `Stripe is being asked to send ${id} (${type}) again`,
      customerId: null,
      changes,
      facts: [{ label: 'Next', value: `Whether it came shows in a few seconds: webhook show ${id}` }],
      before: { deliveries },
      after: { asked: endpointId },
      undo: {
        line: null,
        sentence: 'An event that comes again changes nothing twice; there is nothing to take back.',
      },
      logs: [
        { event: 'webhook_resend_asked', action: 'webhook_resend_asked', id, type, endpoint: endpointId },
      ],
      json: { event: id, type, endpoint: endpointId },
    };
  },
});
