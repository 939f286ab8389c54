import { z } from 'zod';
import { findManualSubscription, type ManualSubscriptionRow } from '#db/manual-subscriptions.ts';
import { formatUtc, isoTime } from '#src/core/clock.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import { findCustomer } from '#src/customers/find.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { previewEntitlement, staffReason } from '#src/entitlements/preview.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, choiceField, customerField, manualTypeField } from '#src/runner/fields.ts';
import { futureMoment, untilField } from '#src/runner/until-field.ts';
import { manualLine, manualStatuses, setManualSubscription } from '#src/subscriptions/manual.ts';

/**
 * Operations playbook, manual account adjustments: a customer who pays outside Stripe. It counts for tier and access
 * and grants no credits, for no invoice was paid (DESIGN section 10).
 */
export const subscriptionSet = defineCommand({
  name: 'subscription set',
  summary: 'Record a subscription that is paid outside Stripe',
  examples: [
    'subscription set office@manual.gmbh --type monthly --status active --reason "pays by invoice" --ticket ZD-795',
    'subscription set office@manual.gmbh --type yearly --status active --until 365d --reason "contract 2027"',
  ],
  allowed: ['billing'],
  effect: 'reversible',
  input: z.object({
    email: customerField,
    type: manualTypeField,
    status: choiceField(manualStatuses, { label: 'Status', hint: 'Only an active one counts' }),
    until: untilField,
    ...changeInputs,
  }),
  positionals: ['email'],

  async plan({ email, type: typed, status, until }, { sql, settings, mode, cause }) {
    const customer = await findCustomer(sql, email);
    const { type, tier } = findType(settings, typed);
    if (until !== undefined && status !== 'active') {
      throw fieldError(
        'until',
        `Only an active subscription has an end; this one is ${status}.`,
        'Leave it out.',
      );
    }
    const endsAt = futureMoment('until', until, cause.now);
    const former = (await findManualSubscription(sql, customer.id)) ?? null;
    if (former?.type === type && former.status === status && former.ends_at === endsAt) {
      throw new UserError(
        'conflict',
        `The manual subscription of ${customer.email} is ${inWords(former)} already, so nothing was changed.`,
        `Look: subscription show ${customer.email}`,
      );
    }
    const set = { customerId: customer.id, type, tier, status, endsAt };
    const preview = await previewEntitlement(sql, { settings, mode, now: cause.now }, customer.id, {
      manual: { id: former?.id ?? 'planned', tier, status, endsAt },
    });
    return {
      title: `Record a manual ${type} subscription of ${customer.email} as ${status}`,
      customerId: customer.id,
      changes: [
        {
          label: 'Manual subscription',
          before: former ? inWords(former) : 'none',
          after: inWords({ type, status, ends_at: endsAt }),
        },
        ...preview.changes,
      ],
      facts: [{ label: 'Credits', value: 'None are granted: no invoice was paid' }],
      warnings: [...preview.warnings, ...outrankedWarning(preview.entitlement, tier, status)],
      confirmLabel: 'Record it',
      isDanger: status !== 'active',
      basis: [customer.id, type, status, until ?? null, former?.set_at ?? null, preview.before],
      data: { customer, set, former },
    };
  },

  async execute({ data: { customer, set, former }, changes }, { sql, settings, mode, cause }) {
    await setManualSubscription(sql, cause, set);
    const { before, entitlement, change } = await recomputeEntitlement(
      sql,
      { settings, mode, cause },
      customer.id,
      {
        kind: 'staff',
        ref: cause.runId ?? '',
        reason: staffReason(`Manual ${set.type} subscription ${set.status}`, cause),
      },
    );
    return {
      title: `Manual ${set.type} subscription of ${customer.email} recorded as ${set.status}`,
      customerId: customer.id,
      changes,
      ...(set.endsAt === null ? {} : { facts: [{ label: 'Until', value: { at: set.endsAt } }] }),
      before: { tier: before.tier, access: before.access, manual: former ? inWords(former) : null },
      after: { tier: entitlement.tier, access: entitlement.access, manual: set },
      undo: {
        line: former
          ? manualLine(customer.email, former, cause.now)
          : `subscription set ${customer.email} --type ${set.type} --status canceled`,
        sentence: former ? `Undo records it as ${inWords(former)} again.` : 'Undo records it as canceled.',
      },
      logs: change ? [changeLog(change, 'subscription_set')] : [],
      json: {
        customer: customer.email,
        type: set.type,
        status: set.status,
        until: set.endsAt === null ? null : isoTime(set.endsAt),
        tier: entitlement.tier,
        access: entitlement.access,
      },
    };
  },
});

function findType(settings: Settings, typed: string): { type: string; tier: string } {
  const types = Object.entries(settings.billing.manual_types);
  const found = types.find(([type]) => type.toLowerCase() === typed.toLowerCase());
  if (found) return { type: found[0], tier: found[1] };
  throw fieldError(
    'type',
    `There is no type ${typed}; the types are ${listed(types.map(([type]) => type))}.`,
    'They are set under billing.manual_types in lucy.config.yml.',
  );
}

function inWords(row: Pick<ManualSubscriptionRow, 'type' | 'status' | 'ends_at'>): string {
  const until = row.ends_at === null ? '' : ` until ${formatUtc(row.ends_at)}`;
  return `${row.type}, ${row.status}${until}`;
}

/** Recorded, and yet without effect: better said before than wondered about after. */
function outrankedWarning(
  entitlement: { tier: string; source: string },
  tier: string,
  status: string,
): string[] {
  if (status !== 'active' || entitlement.source === 'manual') return [];
  const by = entitlement.source === 'override' ? 'a tier set by hand' : 'a Stripe subscription';
  return [`It gives ${tier}, but ${by} gives ${entitlement.tier} and counts instead.`];
}
