import { z } from 'zod';
import { listLinks } from '#db/customer-links.ts';
import { markDirty } from '#db/customer-sync.ts';
import { findOverride } from '#db/overrides.ts';
import { findCustomer } from '#src/customers/find.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { clearOverride, overrideLine } from '#src/entitlements/override.ts';
import { previewEntitlement, staffReason } from '#src/entitlements/preview.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField } from '#src/runner/fields.ts';

/** Before the backlog: a person has asked. */
const PRIORITY_ASKED = 0;

/**
 * Support runbook section 3, reset plan tier: drops the tier set by hand and recomputes from what is known. Without
 * one it still asks Stripe anew, which is the remedy for a wrong tier.
 */
export const tierReset = defineCommand({
  name: 'tier reset',
  summary: 'Drop a tier set by hand; let the subscription decide',
  examples: ['tier reset sofia@firm.com --reason "upgrade arrived" --ticket ZD-812'],
  allowed: ['support', 'billing'],
  effect: 'reversible',
  input: z.object({ email: customerField, ...changeInputs }),
  positionals: ['email'],

  async plan({ email }, { sql, settings, mode, cause }) {
    const customer = await findCustomer(sql, email);
    const override = (await findOverride(sql, customer.id, cause.now)) ?? null;
    const links = (await listLinks(sql, customer.id)).map((link) => link.stripe_customer_id);
    const preview = await previewEntitlement(sql, { settings, mode, now: cause.now }, customer.id, {
      override: null,
    });
    return {
      title: `Let the subscription decide the tier of ${customer.email}`,
      customerId: customer.id,
      changes: [
        ...preview.changes,
        { label: 'Set by hand', before: override ? override.tier : 'no', after: 'no' },
      ],
      facts: [
        {
          label: 'Stripe',
          value:
            links.length > 0
              ? `${links.join(', ')} is asked anew, in a few seconds`
              : 'No customer is linked',
        },
      ],
      warnings: preview.warnings,
      confirmLabel: 'Reset the tier',
      isDanger: preview.changes.length > 0,
      basis: [customer.id, override?.id ?? null, preview.before, preview.after],
      data: { customer, override, links },
    };
  },

  async execute({ data: { customer, override, links }, changes, facts }, { sql, settings, mode, cause }) {
    await clearOverride(sql, settings, cause, customer.id);
    const { before, entitlement, change } = await recomputeEntitlement(
      sql,
      { settings, mode, cause },
      customer.id,
      { kind: 'staff', ref: cause.runId ?? '', reason: staffReason('Tier reset', cause) },
    );
    for (const link of links) await markDirty(sql, link, PRIORITY_ASKED);
    return {
      title: `The subscription decides the tier of ${customer.email} again: ${entitlement.tier}`,
      customerId: customer.id,
      changes,
      facts: facts ?? [],
      before: { tier: before.tier, access: before.access, override: override?.tier ?? null },
      after: { tier: entitlement.tier, access: entitlement.access, override: null },
      undo: override
        ? {
            line: overrideLine(customer.email, override),
            sentence: `Undo sets ${override.tier} by hand again.`,
          }
        : { line: null, sentence: 'No tier was set by hand, so there is nothing to take back.' },
      logs: change ? [changeLog(change, 'tier_reset')] : [],
      json: { customer: customer.email, tier: entitlement.tier, access: entitlement.access },
    };
  },
});
