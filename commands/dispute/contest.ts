import { z } from 'zod';
import { findDispute } from '#db/disputes.ts';
import { insertEvidenceDocument } from '#db/evidence-documents.ts';
import { fingerprint } from '#src/core/fingerprint.ts';
import {
  contestChanges,
  contestFacts,
  contestFile,
  contestWarnings,
  readLine,
} from '#src/disputes/acts/describe-contest.ts';
import { gatherDispute } from '#src/disputes/acts/gather.ts';
import { gatherEvidence } from '#src/disputes/acts/gather-evidence.ts';
import { requireAnswerable, requireContestable } from '#src/disputes/acts/require-answerable.ts';
import { takeDecision } from '#src/disputes/acts/take-decision.ts';
import { isInquiry } from '#src/gateways/stripe-dispute-status.ts';
import { openRequestWarnings } from '#src/refunds/warnings.ts';
import { lineWithFlags } from '#src/replies/line-with-flags.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, optionalTextField, textField } from '#src/runner/fields.ts';
import { queueEffects } from '#src/stripe-effects/queue-effects.ts';

/** Operations playbook, disputes 2: our records against the bank’s claim, as one PDF that somebody else has read. */
export const disputeContest = defineCommand({
  name: 'dispute contest',
  summary: 'Answer a dispute with evidence from our records',
  examples: [
    'dispute contest du_1MtJUT2eZvKYlo2CNaw2HvEv --reason "used it daily" --ticket ZD-871',
    'dispute contest mail@disputed.example --note "Made 14 reports after the payment." --reason "used it"',
  ],
  allowed: ['billing'],
  effect: 'moves value',
  input: z.object({
    dispute: textField(254, 'Name the dispute (du_… or dp_…), its payment, or the customer.', {
      label: 'Dispute',
      placeholder: 'du_…, ch_… or mail@disputed.example',
      hint: 'With a customer who has several, you choose one',
    }),
    note: optionalTextField(3_000, {
      label: 'Note to the bank',
      hint: 'What answers the claim, in your own words; our records are added',
      control: 'multiline',
    }),
    product: optionalTextField(3_000, {
      label: 'What was bought',
      hint: 'Instead of the description in the settings',
      control: 'multiline',
    }),
    duplicateOf: optionalTextField(100, {
      label: 'The other payment',
      placeholder: 'ch_…',
      hint: 'Where the customer says that they paid twice',
    }),
    ...changeInputs,
  }),
  positionals: ['dispute'],
  measure: () => ({}),

  async gather({ dispute, note, product, duplicateOf, reason, ticket }, { sql, settings, stripe }) {
    const facts = await gatherDispute(sql, stripe, dispute, (id) =>
      lineWithFlags(`dispute contest ${id}`, [
        ['note', note],
        ['product', product],
        ['duplicate-of', duplicateOf],
        ['reason', reason],
        ['ticket', ticket],
      ]),
    );
    return gatherEvidence(sql, settings, facts, { note, product, duplicateOf });
  },

  async plan(_input, { sql, settings, cause }, gathered) {
    if (!gathered) throw new Error('The dispute was not looked up');
    const { facts, customer, evidence } = gathered;
    const { dispute } = facts;
    requireAnswerable(cause, dispute, await findDispute(sql, dispute.id));
    requireContestable(cause, dispute);
    return {
      title: `Contest the dispute ${dispute.id} of ${customer.email} with evidence`,
      customerId: customer.id,
      changes: contestChanges(gathered),
      facts: contestFacts(gathered, cause.runId),
      warnings: [
        ...contestWarnings(gathered, settings),
        ...(await openRequestWarnings(sql, cause, customer.id, 'dispute accept')),
        ...(await openRequestWarnings(sql, cause, customer.id, 'dispute contest')),
      ],
      confirmLabel: 'Submit the evidence',
      isDanger: true,
      file: contestFile(gathered),
      ...(cause.runId
        ? { look: { label: 'Read the evidence', line: readLine(dispute.id, cause.runId) } }
        : {}),
      basis: [
        customer.id,
        dispute.id,
        dispute.status,
        dispute.submissionCount,
        dispute.amount,
        evidence.basis,
        fingerprint(dispute.evidence),
      ],
      measures: { money: { amount: dispute.amount, currency: dispute.currency } },
      data: gathered,
    };
  },

  async execute({ data: gathered, changes }, { sql, settings, mode, cause }) {
    const { facts, customer, evidence } = gathered;
    const { dispute, paid } = facts;
    const { runId } = cause;
    if (!runId) throw new Error('A dispute is decided by a run only');
    await takeDecision(sql, settings, cause, {
      facts,
      owner: { mode, stripeCustomerId: paid.charge.stripeCustomerId, customerId: customer.id },
      decision: 'contest',
      runId,
    });
    await insertEvidenceDocument(sql, {
      run_id: runId,
      dispute_id: dispute.id,
      customer_id: customer.id,
      name: evidence.name,
      content: Buffer.from(evidence.pdf).toString('base64'),
      sha256: evidence.sha256,
      fields: JSON.stringify(evidence.fields),
      correlation_id: cause.correlationId,
      created_at: cause.now,
    });
    await queueEffects(sql, cause, {
      runId,
      customerId: customer.id,
      effects: [
        {
          kind: 'submit_evidence',
          disputeId: dispute.id,
          chargeId: paid.charge.id,
          paymentIntentId: paid.charge.paymentIntentId,
          amount: dispute.amount,
          currency: dispute.currency,
          submissionsBefore: dispute.submissionCount,
          evidenceBefore: fingerprint(dispute.evidence),
          isInquiry: isInquiry(dispute.status),
          documentSha256: evidence.sha256,
        },
      ],
    });
    return {
      title: `The evidence against the dispute ${dispute.id} of ${customer.email} is on its way to Stripe`,
      customerId: customer.id,
      changes,
      facts: contestFacts(gathered, runId),
      before: { dispute: dispute.id, status: dispute.status, submissions: dispute.submissionCount },
      after: { dispute: dispute.id, document: evidence.sha256, fields: evidence.fields },
      undo: { line: null, sentence: 'What the bank was told cannot be taken back.' },
      isOnItsWay: true,
      logs: [
        {
          event: 'dispute_decided',
          action: 'dispute_contested',
          customer: customer.id,
          dispute: dispute.id,
          document: evidence.sha256,
        },
      ],
      json: {
        customer: customer.email,
        dispute: dispute.id,
        pages: evidence.pages,
        sha256: evidence.sha256,
        fields: evidence.fields,
      },
    };
  },
});
