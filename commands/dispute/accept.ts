import { z } from 'zod';
import {
  acceptChanges,
  acceptFacts,
  acceptTitle,
  acceptWarnings,
} from '#src/disputes/acts/describe-accept.ts';
import { gatherDispute } from '#src/disputes/acts/gather.ts';
import { type Acceptance, planAcceptance } from '#src/disputes/acts/plan-accept.ts';
import { takeDecision } from '#src/disputes/acts/take-decision.ts';
import { openRequestWarnings } from '#src/refunds/warnings.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, flagField, optionalChoiceField, textField } from '#src/runner/fields.ts';
import { queueEffects } from '#src/stripe-effects/queue-effects.ts';
import type { WantedEffect } from '#src/stripe-effects/wanted-effect.ts';

/**
 * Operations playbook, disputes 3, as the world has it: while the bank only asks, a refund ends the matter; a formal
 * dispute is accepted, for its money is gone already and a refund would pay twice.
 */
export const disputeAccept = defineCommand({
  name: 'dispute accept',
  summary: 'Give in to a dispute: refund an inquiry, or let a formal one be lost',
  examples: [
    'dispute accept du_1MtJUT2eZvKYlo2CNaw2HvEv --reason "the customer is right" --ticket ZD-870',
    'dispute accept mail@disputed.example --end-access now --reason "did not mean to buy"',
  ],
  allowed: ['billing'],
  effect: 'moves value',
  input: z.object({
    dispute: textField(254, 'Name the dispute (du_… or dp_…), its payment, or the customer.', {
      label: 'Dispute',
      placeholder: 'du_…, ch_… or mail@disputed.example',
      hint: 'With a customer who has several, you choose one',
    }),
    endAccess: optionalChoiceField(['no', 'now', 'period_end'], {
      label: 'End the subscription',
      hint: 'The one that this payment was for',
    }),
    despiteRefund: flagField({
      label: 'Though it is refunded in full',
      hint: 'The customer then has the money twice',
    }),
    ...changeInputs,
  }),
  positionals: ['dispute'],
  // How much it is, only Stripe says.
  measure: () => ({}),

  gather: ({ dispute, endAccess, despiteRefund, reason, ticket }, { sql, stripe }) =>
    gatherDispute(sql, stripe, dispute, (id) =>
      lineWithFlags(`dispute accept ${id}`, [
        ['end-access', endAccess],
        ['despite-refund', despiteRefund ? 'yes' : undefined],
        ['reason', reason],
        ['ticket', ticket],
      ]),
    ),

  async plan({ endAccess = 'no', despiteRefund }, { sql, cause }, facts) {
    if (!facts) throw new Error('The dispute was not looked up');
    const acceptance = await planAcceptance(sql, cause, facts, { ending: endAccess, despiteRefund });
    const { customer, how, money, amount, currency, basis } = acceptance;
    return {
      title: acceptTitle(acceptance),
      customerId: customer.id,
      changes: acceptChanges(acceptance),
      facts: acceptFacts(acceptance),
      warnings: [
        ...acceptWarnings(acceptance),
        ...(await openRequestWarnings(sql, cause, customer.id)),
        ...(await openRequestWarnings(sql, cause, customer.id, 'dispute accept')),
        ...(await openRequestWarnings(sql, cause, customer.id, 'dispute contest')),
      ],
      confirmLabel: how === 'refund' ? `Refund ${money}` : 'Accept the dispute',
      isDanger: true,
      basis,
      measures: { money: { amount, currency } },
      data: acceptance,
    };
  },

  async execute({ data: acceptance, changes }, { sql, settings, mode, cause }) {
    const { customer, how, facts, money, amount, currency, standing, ends, ending } = acceptance;
    const { dispute, paid } = facts;
    if (!cause.runId) throw new Error('A dispute is decided by a run only');
    await takeDecision(sql, settings, cause, {
      facts,
      owner: { mode, stripeCustomerId: paid.charge.stripeCustomerId, customerId: customer.id },
      decision: how === 'refund' ? 'refund' : 'accept',
      runId: cause.runId,
    });
    await queueEffects(sql, cause, {
      runId: cause.runId,
      customerId: customer.id,
      effects: effectsOf(acceptance),
    });
    return {
      title:
        how === 'refund'
          ? `The refund of ${money} that ends the inquiry ${dispute.id} of ${customer.email} is on its way to Stripe`
          : `The dispute ${dispute.id} of ${customer.email} over ${money} is accepted, and that is on its way to Stripe`,
      customerId: customer.id,
      changes,
      facts: acceptFacts(acceptance),
      before: { dispute: dispute.id, status: dispute.status, refundedMinor: standing.refunded },
      after: {
        dispute: dispute.id,
        charge: paid.charge.id,
        how,
        amountMinor: amount,
        currency,
        endsSubscription: ends && { id: ends.id, at: ending },
      },
      undo: { line: null, sentence: 'Neither a refund nor an accepted dispute can be taken back.' },
      isOnItsWay: true,
      logs: [
        {
          event: 'dispute_decided',
          action: how === 'refund' ? 'dispute_refunded' : 'dispute_accepted',
          customer: customer.id,
          dispute: dispute.id,
          charge: paid.charge.id,
          amountMinor: amount,
        },
      ],
      json: { customer: customer.email, dispute: dispute.id, how, amountMinor: amount },
    };
  },
});

/** The answer first; the subscription ends only when Stripe took it. */
function effectsOf({ how, facts, standing, amount, currency, ends, ending }: Acceptance): WantedEffect[] {
  const { dispute, paid } = facts;
  const { id: chargeId, paymentIntentId } = paid.charge;
  const about = { chargeId, paymentIntentId, amount, currency, disputeId: dispute.id };
  const refundedBefore = standing.listed;
  return [
    how === 'refund'
      ? { kind: 'refund', ...about, stripeReason: 'requested_by_customer', refundedBefore }
      : { kind: 'close_dispute', ...about, refundedBefore },
    ...(ends && ending !== 'no'
      ? [{ kind: 'cancel_subscription' as const, subscriptionId: ends.id, at: ending }]
      : []),
  ];
}
