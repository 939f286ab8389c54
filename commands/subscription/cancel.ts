import { z } from 'zod';
import { gatherCancellation } from '#src/cancellations/gather.ts';
import { requireCancellable } from '#src/cancellations/require-cancellable.ts';
import { cancellationWarnings } from '#src/cancellations/warnings.ts';
import { previewEntitlement } from '#src/entitlements/preview.ts';
import { endingChange } from '#src/refunds/ending.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, optionalChoiceField, textField } from '#src/runner/fields.ts';
import { queueEffects } from '#src/stripe-effects/queue-effects.ts';

/**
 * Ends a subscription at Stripe. With its period (unless told otherwise) it is one click, for it can be taken back until
 * then; at once it takes a second person, for what was paid for is lost (policy, `ends`).
 */
export const subscriptionCancel = defineCommand({
  name: 'subscription cancel',
  summary: 'End a subscription at Stripe, with its period or at once',
  examples: [
    'subscription cancel sofia@firm.com --reason "asked by mail" --ticket ZD-851',
    'subscription cancel sub_1MowQV --at now --reason "dispute lost" --ticket ZD-852',
  ],
  allowed: ['billing'],
  effect: 'destructive',
  input: z.object({
    subscription: textField(254, 'Name the subscription (sub_…), or the customer.', {
      label: 'Subscription',
      placeholder: 'sub_… or sofia@firm.com',
      hint: 'With a customer who has several, you choose one',
    }),
    at: optionalChoiceField(['period_end', 'now'], {
      label: 'When',
      hint: 'Leave empty for the end of the paid period; “now” takes a second person',
    }),
    ...changeInputs,
  }),
  positionals: ['subscription'],
  measure: ({ at = 'period_end' }) => ({ ends: at }),

  gather: (input, { sql, stripe }) => gatherCancellation(sql, stripe, input),

  async plan({ at = 'period_end' }, { sql, settings, mode, cause }, facts) {
    if (!facts) throw new Error('The subscription was not looked up');
    const { customer, subscription } = facts;
    requireCancellable(subscription, at);
    const when = at === 'now' ? 'now' : 'with its period';
    const preview = await previewEntitlement(sql, { settings, mode, now: cause.now }, customer.id, {
      withoutSubscription: subscription.id,
    });
    return {
      title: `End the subscription ${subscription.id} of ${customer.email} ${when}`,
      customerId: customer.id,
      changes: [endingChange(subscription, at), ...(at === 'now' ? preview.changes : [])],
      facts: [
        {
          label: 'Tier',
          value:
            at === 'now'
              ? `${preview.after.tier}, as soon as Stripe confirms it`
              : `Stays ${preview.before.tier} until then, ${preview.after.tier} afterwards`,
        },
        { label: 'Money', value: 'Nothing is given back; for that there is “refund request”' },
        { label: 'Credits', value: 'What was paid for stays, as long as it would have' },
      ],
      warnings: await cancellationWarnings(sql, cause, facts),
      confirmLabel: at === 'now' ? 'End it now' : 'End it with its period',
      isDanger: true,
      basis: [customer.id, subscription.id, subscription.status, subscription.cancelAt, at],
      measures: { ends: at },
      data: { facts, at, when },
    };
  },

  async execute({ data: { facts, at, when }, changes }, { sql, cause }) {
    const { customer, subscription } = facts;
    if (!cause.runId) throw new Error('A subscription is ended by a run only');
    await queueEffects(sql, cause, {
      runId: cause.runId,
      customerId: customer.id,
      effects: [{ kind: 'cancel_subscription', subscriptionId: subscription.id, at }],
    });
    return {
      title: `The end of ${subscription.id} of ${customer.email} (${when}) is on its way to Stripe`,
      customerId: customer.id,
      changes,
      before: { subscription: subscription.id, status: subscription.status, cancelAt: subscription.cancelAt },
      after: { subscription: subscription.id, endsAt: at },
      undo: {
        line: null,
        sentence:
          at === 'now'
            ? 'A subscription that has ended does not come back; the customer has to subscribe again.'
            : 'Until its period ends, it can be renewed in Stripe’s dashboard.',
      },
      isOnItsWay: true,
      logs: [
        {
          event: 'cancellation_queued',
          action: 'cancellation_queued',
          customer: customer.id,
          subscription: subscription.id,
          at,
        },
      ],
      json: { customer: customer.email, subscription: subscription.id, at },
    };
  },
});
