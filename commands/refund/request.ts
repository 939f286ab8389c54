import { z } from 'zod';
import { typedMinorUnits } from '#src/core/typed-amount.ts';
import { readAmount } from '#src/refunds/amount.ts';
import { refundChanges, refundFacts } from '#src/refunds/describe-refund.ts';
import { gatherRefund } from '#src/refunds/gather.ts';
import { type PlannedRefund, planRefund } from '#src/refunds/plan-refund.ts';
import { endings, stripeReasons } from '#src/refunds/refund-input.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, optionalChoiceField, optionalTextField, textField } from '#src/runner/fields.ts';
import { queueEffects } from '#src/stripe-effects/queue-effects.ts';
import type { WantedEffect } from '#src/stripe-effects/wanted-effect.ts';

/** Operations playbook, disputes 3: refund, and if wanted end the subscription, as one act with one approval. */
export const refundRequest = defineCommand({
  name: 'refund request',
  summary: 'Ask for a payment to be refunded, whole or in part',
  examples: [
    'refund request ch_3PgafzB7WZ01zgkW08SBr8Fd 20 --reason "paid twice" --ticket ZD-812',
    'refund request sofia@firm.com --reason "cancelled in time" --end-subscription now',
  ],
  allowed: ['support', 'billing'],
  effect: 'moves value',
  input: z.object({
    payment: textField(254, 'Name the payment: a charge, payment intent or invoice, or the customer.', {
      label: 'Payment',
      placeholder: 'ch_…, pi_…, in_… or sofia@firm.com',
      hint: 'With a customer, you choose among the recent payments',
    }),
    amount: optionalTextField(40, {
      label: 'Amount',
      placeholder: '49.00',
      hint: 'Leave empty for all that is left',
    }),
    stripeReason: optionalChoiceField(stripeReasons, {
      label: 'Reason for Stripe',
      hint: '“fraudulent” also blocks the card and the email',
    }),
    endSubscription: optionalChoiceField(endings, {
      label: 'End the subscription',
      hint: 'The one that this payment was for',
    }),
    ...changeInputs,
  }),
  positionals: ['payment', 'amount'],

  measure({ amount }) {
    const typed = readAmount(amount);
    const { currency = null } = typed ?? {};
    const minor = typed && currency ? typedMinorUnits(typed, currency) : null;
    return currency && minor !== null ? { money: { amount: minor, currency } } : {};
  },

  gather: (input, { sql, stripe }) => gatherRefund(sql, stripe, input),

  async plan(input, { sql, cause }, facts) {
    if (!facts) throw new Error('The payment was not looked up');
    const refund = await planRefund(sql, cause, facts, input);
    const { customer, amount, money, ends, ending } = refund;
    const andEnd = ends ? ` and end the subscription ${ending === 'now' ? 'now' : 'with its period'}` : '';
    return {
      title: `Refund ${money} to ${customer.email}${andEnd}`,
      customerId: customer.id,
      changes: refundChanges(refund),
      facts: refundFacts(refund),
      warnings: refund.warnings,
      confirmLabel: `Refund ${money}`,
      isDanger: true,
      basis: refund.basis,
      measures: { money: { amount, currency: facts.charge.currency } },
      data: refund,
    };
  },

  async execute({ data: refund, changes }, { sql, cause }) {
    const { customer, facts, standing, amount, money, ends, ending, stripeReason } = refund;
    const { charge } = facts;
    if (!cause.runId) throw new Error('A refund is carried out by a run only');
    await queueEffects(sql, cause, {
      runId: cause.runId,
      customerId: customer.id,
      effects: effectsOf(refund),
    });
    return {
      title: `Refund of ${money} for ${customer.email} is on its way to Stripe`,
      customerId: customer.id,
      changes,
      facts: refundFacts(refund),
      before: { charge: charge.id, currency: charge.currency, refundedMinor: standing.refunded },
      after: {
        charge: charge.id,
        currency: charge.currency,
        refundedMinor: standing.refunded + amount,
        amountMinor: amount,
        stripeReason,
        endsSubscription: ends && { id: ends.id, at: ending },
      },
      undo: {
        line: null,
        sentence:
          'A refund cannot be taken back; to get the money again, the customer has to pay again, with a new invoice.',
      },
      isOnItsWay: true,
      logs: [
        {
          event: 'refund_queued',
          action: 'refund_queued',
          customer: customer.id,
          charge: charge.id,
          currency: charge.currency,
          amountMinor: amount,
          endsSubscription: ends?.id ?? null,
        },
      ],
      json: {
        customer: customer.email,
        charge: charge.id,
        currency: charge.currency,
        amountMinor: amount,
        endsSubscription: ends?.id ?? null,
      },
    };
  },
});

/** The money first; the subscription ends only when Stripe took the refund. */
function effectsOf({ facts, standing, amount, stripeReason, ends, ending }: PlannedRefund): WantedEffect[] {
  const { id: chargeId, paymentIntentId, currency } = facts.charge;
  const refundedBefore = standing.listed;
  return [
    { kind: 'refund', chargeId, paymentIntentId, amount, currency, stripeReason, refundedBefore },
    ...(ends && ending !== 'no'
      ? [{ kind: 'cancel_subscription' as const, subscriptionId: ends.id, at: ending }]
      : []),
  ];
}
