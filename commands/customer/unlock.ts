import { z } from 'zod';
import { findCustomer } from '#src/customers/find.ts';
import { renewCardsOfCustomer } from '#src/disputes/renew-cards.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { lockWords, requireLock, unlockCustomer } from '#src/entitlements/lock.ts';
import { previewEntitlement, staffReason } from '#src/entitlements/preview.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField } from '#src/runner/fields.ts';

/** Only staff end a fraud lock, and by default two of them (DESIGN section 4: account unlock). */
export const customerUnlock = defineCommand({
  name: 'customer unlock',
  summary: 'Let a customer in again who was locked for fraud',
  examples: ['customer unlock mail@disputed.example --reason "the bank cleared it" --ticket ZD-840'],
  allowed: ['support', 'billing', 'oncall'],
  effect: 'destructive',
  input: z.object({ email: customerField, ...changeInputs }),
  positionals: ['email'],

  async plan({ email }, { sql, settings, mode, cause }) {
    const customer = await findCustomer(sql, email);
    const lock = await requireLock(sql, customer);
    const preview = await previewEntitlement(sql, { settings, mode, now: cause.now }, customer.id, {
      lock: null,
    });
    return {
      title: `Unlock ${customer.email}`,
      customerId: customer.id,
      changes: preview.changes,
      facts: [
        { label: 'Locked', value: lockWords(lock) },
        { label: 'Tier', value: preview.after.tier },
      ],
      warnings: preview.warnings,
      confirmLabel: 'Unlock the customer',
      isDanger: true,
      // Another lock, set meanwhile for another reason, is another question.
      basis: [customer.id, lock.id, preview.after.tier],
      data: { customer },
    };
  },

  async execute({ data: { customer } }, { sql, settings, mode, cause }) {
    const lock = await unlockCustomer(sql, settings, cause, customer);
    const { before, entitlement, change } = await recomputeEntitlement(
      sql,
      { settings, mode, cause },
      customer.id,
      { kind: 'staff', ref: cause.runId ?? '', reason: staffReason('Unlocked', cause) },
    );
    await renewCardsOfCustomer(sql, settings, cause, customer.id);
    return {
      title: `${customer.email} unlocked`,
      customerId: customer.id,
      changes: [{ label: 'Access', before: before.access, after: entitlement.access }],
      facts: [{ label: 'Was locked', value: lockWords(lock) }],
      before: { tier: before.tier, access: before.access, lock: lock.id },
      after: { tier: entitlement.tier, access: entitlement.access, lock: null },
      undo: { line: `customer lock ${customer.email}`, sentence: 'Undo locks them again.' },
      logs: change ? [changeLog(change, 'customer_unlocked')] : [],
      json: { customer: customer.email, access: entitlement.access },
    };
  },
});
