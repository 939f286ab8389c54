import { z } from 'zod';
import { listLinks } from '#db/customer-links.ts';
import { listSubscriptionsOf } from '#db/subscriptions.ts';
import { counted } from '#src/core/text.ts';
import { readCredits } from '#src/credits/summary.ts';
import { findCustomer } from '#src/customers/find.ts';
import { renewCardsOfCustomer } from '#src/disputes/renew-cards.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { lockCustomer, requireUnlocked } from '#src/entitlements/lock.ts';
import { previewEntitlement, staffReason } from '#src/entitlements/preview.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { openRequestWarnings } from '#src/refunds/warnings.ts';
import { type CommandContext, defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField } from '#src/runner/fields.ts';

/** Operations playbook, disputes 4: where fraud is suspected, the account is locked; nothing that is paid unlocks it. */
export const customerLock = defineCommand({
  name: 'customer lock',
  summary: 'Keep a customer out because of fraud, whatever is paid',
  examples: ['customer lock mail@disputed.example --reason "stolen card, bank called" --ticket ZD-840'],
  allowed: ['support', 'billing', 'oncall'],
  effect: 'destructive',
  input: z.object({ email: customerField, ...changeInputs }),
  positionals: ['email'],

  async plan({ email }, context) {
    const { sql, settings, mode, cause } = context;
    const customer = await findCustomer(sql, email);
    await requireUnlocked(sql, customer);
    const preview = await previewEntitlement(sql, { settings, mode, now: cause.now }, customer.id, {
      lock: { id: 'planned' },
    });
    const { balance } = await readCredits(sql, customer.id, 0);
    return {
      title: `Lock ${customer.email} for fraud`,
      customerId: customer.id,
      changes: preview.changes,
      facts: [
        { label: 'Tier', value: `Stays ${preview.after.tier}, without access` },
        { label: 'Credits', value: `${counted(balance, 'credit')} stay, and cannot be spent` },
        { label: 'Refunds', value: 'Refused until the lock ends, approved ones that were not sent yet, too' },
      ],
      warnings: [
        ...(await paysOnWarnings(context, customer)),
        ...(await openRequestWarnings(sql, cause, customer.id)),
      ],
      confirmLabel: 'Lock the customer',
      isDanger: true,
      // Whatever else moves meanwhile, what is agreed to is that they are kept out.
      basis: [customer.id],
      data: { customer },
    };
  },

  async execute({ data: { customer } }, { sql, settings, mode, cause }) {
    const lock = await lockCustomer(sql, settings, cause, customer);
    const { before, entitlement, change } = await recomputeEntitlement(
      sql,
      { settings, mode, cause },
      customer.id,
      { kind: 'staff', ref: cause.runId ?? '', reason: staffReason('Locked for fraud', cause) },
    );
    await renewCardsOfCustomer(sql, settings, cause, customer.id);
    return {
      title: `${customer.email} locked for fraud`,
      customerId: customer.id,
      changes: [{ label: 'Access', before: before.access, after: entitlement.access }],
      before: { tier: before.tier, access: before.access, lock: null },
      after: { tier: entitlement.tier, access: entitlement.access, lock: lock.id },
      undo: {
        line: `customer unlock ${customer.email}`,
        sentence: 'Undo lets them in again, which a second person has to approve.',
      },
      logs: change ? [changeLog(change, 'customer_locked')] : [],
      json: { customer: customer.email, access: entitlement.access, lock: lock.id },
    };
  },
});

/** A lock stops no payment: who is kept out and charged all the same has the next dispute. */
async function paysOnWarnings(
  { sql, mode }: CommandContext,
  customer: { id: string; email: string },
): Promise<string[]> {
  const links = (await listLinks(sql, customer.id)).map((link) => link.stripe_customer_id);
  const live = (await listSubscriptionsOf(sql, links, mode)).filter(
    (row) => row.status === 'active' || row.status === 'trialing' || row.status === 'past_due',
  );
  return live.map(
    (row) =>
      `Stripe goes on charging for ${row.id}. To end it: subscription cancel ${row.id} --at now (a second person approves it).`,
  );
}
