import { z } from 'zod';
import { findOpenLock } from '#db/customer-locks.ts';
import { findSuspect } from '#src/disputes/acts/find-suspect.ts';
import { orderEvidence } from '#src/disputes/evidence/order.ts';
import { renewCardsOfCustomer } from '#src/disputes/renew-cards.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { lockCustomer, lockWords } from '#src/entitlements/lock.ts';
import { previewEntitlement, staffReason } from '#src/entitlements/preview.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { openRequestWarnings } from '#src/refunds/warnings.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, textField } from '#src/runner/fields.ts';

/**
 * Operations playbook, disputes 4, as one act: the account is locked, and everything that is known of it is preserved.
 * It answers no dispute: whether to accept or to contest is decided beside it.
 */
export const disputeFraud = defineCommand({
  name: 'dispute fraud',
  summary: 'Suspect fraud: lock the account and preserve everything as evidence',
  examples: [
    'dispute fraud du_1MtJUT2eZvKYlo2CNaw2HvEv --reason "stolen card" --ticket ZD-872',
    'dispute fraud mail@disputed.example --reason "three cards in one hour"',
  ],
  allowed: ['billing'],
  effect: 'destructive',
  input: z.object({
    dispute: textField(254, 'Name the dispute (du_… or dp_…), its payment, or the customer.', {
      label: 'Dispute or customer',
      placeholder: 'du_…, ch_… or mail@disputed.example',
    }),
    ...changeInputs,
  }),
  positionals: ['dispute'],

  async plan({ dispute: named }, { sql, settings, mode, cause }) {
    const suspect = await findSuspect(sql, named);
    const { customer, dispute } = suspect;
    const lock = await findOpenLock(sql, customer.id);
    const preview = await previewEntitlement(sql, { settings, mode, now: cause.now }, customer.id, {
      lock: { id: 'planned' },
    });
    return {
      title: lock
        ? `Preserve everything known of ${customer.email} as evidence`
        : `Lock ${customer.email} for fraud and preserve everything as evidence`,
      customerId: customer.id,
      changes: [
        ...(lock ? [] : preview.changes),
        { label: 'Evidence', before: 'not preserved', after: 'preserved now, under legal hold' },
      ],
      facts: [
        ...(dispute ? [{ label: 'Dispute', value: { code: dispute.id } }] : []),
        { label: 'Refunds', value: 'Refused until the lock ends, and so are credits' },
      ],
      warnings: [
        ...(lock ? [`${customer.email} is locked already: ${lockWords(lock)}.`] : []),
        ...(dispute && dispute.closed_at === null && dispute.decision === null
          ? ['This answers no dispute: the bank still waits for “dispute accept” or “dispute contest”.']
          : []),
        ...(await openRequestWarnings(sql, cause, customer.id)),
      ],
      confirmLabel: lock ? 'Preserve the evidence' : 'Lock and preserve',
      isDanger: true,
      basis: [customer.id, lock?.id ?? null, dispute?.id ?? null],
      data: { ...suspect, isLocked: lock !== undefined },
    };
  },

  async execute({ data: { customer, dispute, isLocked }, changes }, { sql, settings, mode, cause }) {
    const lock = isLocked ? null : await lockCustomer(sql, settings, cause, customer);
    const { before, entitlement, change } = await recomputeEntitlement(
      sql,
      { settings, mode, cause },
      customer.id,
      { kind: 'staff', ref: cause.runId ?? '', reason: staffReason('Locked for fraud', cause) },
    );
    const order = await orderEvidence(sql, cause, {
      customerId: customer.id,
      disputeId: dispute?.id ?? null,
      cause: 'fraud',
    });
    await renewCardsOfCustomer(sql, settings, cause, customer.id);
    return {
      title: lock
        ? `${customer.email} locked for fraud, and everything is being preserved as evidence`
        : `Everything known of ${customer.email} is being preserved as evidence`,
      customerId: customer.id,
      changes,
      facts: [
        { label: 'Evidence', value: `${order.id}, under legal hold from now on` },
        { label: 'Get it', value: { code: `dispute evidence ${order.id}` } },
      ],
      before: { access: before.access, lock: null },
      after: {
        access: entitlement.access,
        lock: lock?.id ?? null,
        dispute: dispute?.id ?? null,
        bundle: order.id,
      },
      undo: {
        line: lock ? `customer unlock ${customer.email}` : null,
        sentence: lock
          ? 'Undo lets them in again, which a second person has to approve; the evidence stays.'
          : 'The evidence stays.',
      },
      logs: [
        ...(change ? [changeLog(change, 'customer_locked')] : []),
        {
          event: 'evidence_ordered',
          action: 'evidence_ordered',
          customer: customer.id,
          bundle: order.id,
        },
      ],
      json: {
        customer: customer.email,
        access: entitlement.access,
        lock: lock?.id ?? null,
        bundle: order.id,
      },
    };
  },
});
