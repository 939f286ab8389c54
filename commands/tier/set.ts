import { z } from 'zod';
import { findOverride } from '#db/overrides.ts';
import { formatUtc, isoTime } from '#src/core/clock.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import { listed } from '#src/core/text.ts';
import { findCustomer } from '#src/customers/find.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { overrideLine, setOverride } from '#src/entitlements/override.ts';
import { previewEntitlement, staffReason } from '#src/entitlements/preview.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField, tierField } from '#src/runner/fields.ts';
import { futureMoment, untilField } from '#src/runner/until-field.ts';

/** Support runbook section 3: a tier by hand, over whatever Stripe says, until its day or until it is reset. */
export const tierSet = defineCommand({
  name: 'tier set',
  summary: 'Set a customer’s tier by hand',
  examples: [
    'tier set sofia@firm.com pro --until 7d --reason "invoice is late" --ticket ZD-812',
    'tier set sofia@firm.com enterprise --until 2099-12-31 --reason "signed on paper"',
  ],
  allowed: ['support', 'billing'],
  effect: 'reversible',
  input: z.object({ email: customerField, tier: tierField, until: untilField, ...changeInputs }),
  positionals: ['email', 'tier'],
  measure: ({ tier, until }, now) => ({
    ...(tier === undefined ? {} : { tier }),
    lastsMs: lastsMs(futureMoment('until', until, now), now),
  }),

  async plan({ email, tier, until }, { sql, settings, mode, cause }) {
    const customer = await findCustomer(sql, email);
    if (!settings.tiers.includes(tier)) {
      const message = `There is no tier ${tier}; the tiers are ${listed(settings.tiers)}.`;
      throw fieldError('tier', message, `For example: tier set ${customer.email} ${settings.tiers.at(-1)}`);
    }
    const expiresAt = futureMoment('until', until, cause.now);
    const earlier = (await findOverride(sql, customer.id, cause.now)) ?? null;
    if (earlier?.tier === tier && earlier.expires_at === expiresAt) {
      throw new UserError(
        'conflict',
        `${customer.email} has ${tier} by hand already, ${untilWords(expiresAt)}, so nothing was changed.`,
        `To end it: tier reset ${customer.email}`,
      );
    }
    const { before, changes } = await previewEntitlement(
      sql,
      { settings, mode, now: cause.now },
      customer.id,
      {
        override: { id: 'planned', tier, expiresAt },
      },
    );
    return {
      title: `Set ${customer.email} to ${tier} ${untilWords(expiresAt)}`,
      customerId: customer.id,
      changes: [
        ...changes,
        {
          label: 'Set by hand',
          before: earlier ? `${earlier.tier} ${untilWords(earlier.expires_at)}` : 'no',
          after: `${tier} ${untilWords(expiresAt)}`,
        },
      ],
      warnings:
        before.tier === tier
          ? [`${customer.email} is on ${tier} already; by hand it stays so whatever happens in Stripe.`]
          : [],
      confirmLabel: `Set to ${tier}`,
      // A span such as 7d ends a little later at every look, so the basis is what was typed.
      basis: [customer.id, tier, until ?? null, before, earlier?.id ?? null],
      measures: { tier, lastsMs: lastsMs(expiresAt, cause.now) },
      data: { customer, tier, expiresAt, earlier },
    };
  },

  async execute({ data: { customer, tier, expiresAt, earlier }, changes }, { sql, settings, mode, cause }) {
    await setOverride(sql, settings, cause, { customerId: customer.id, tier, expiresAt });
    const { before, entitlement, change } = await recomputeEntitlement(
      sql,
      { settings, mode, cause },
      customer.id,
      { kind: 'staff', ref: cause.runId ?? '', reason: staffReason(`Set to ${tier} by hand`, cause) },
    );
    return {
      title: `${customer.email} set to ${tier} ${untilWords(expiresAt)}`,
      customerId: customer.id,
      changes,
      ...(expiresAt === null ? {} : { facts: [{ label: 'Until', value: { at: expiresAt } }] }),
      before: { tier: before.tier, access: before.access, override: earlier?.tier ?? null },
      after: { tier: entitlement.tier, access: entitlement.access, override: tier, expiresAt },
      undo: {
        line: earlier ? overrideLine(customer.email, earlier) : `tier reset ${customer.email}`,
        sentence: earlier
          ? `Undo sets it back to ${earlier.tier}, as it was set by hand before.`
          : 'Undo lets the subscription decide again.',
      },
      logs: change ? [changeLog(change, 'tier_set')] : [],
      json: {
        customer: customer.email,
        tier: entitlement.tier,
        access: entitlement.access,
        until: expiresAt === null ? null : isoTime(expiresAt),
      },
    };
  },
});

function lastsMs(expiresAt: number | null, now: number): number | null {
  return expiresAt === null ? null : expiresAt - now;
}

function untilWords(expiresAt: number | null): string {
  return expiresAt === null ? 'with no end' : `until ${formatUtc(expiresAt)}`;
}
