import { z } from 'zod';
import { listGraces } from '#db/grace-periods.ts';
import { formatUtc, isoTime } from '#src/core/clock.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import { changeLog } from '#src/entitlements/announce.ts';
import { previewEntitlement, staffReason } from '#src/entitlements/preview.ts';
import { recomputeEntitlement } from '#src/entitlements/recompute.ts';
import { extendGrace, findOverdueGrace, requireExtendable } from '#src/grace/extend.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField, textField } from '#src/runner/fields.ts';
import { momentOf } from '#src/runner/until-field.ts';

const graceField = textField(40, 'Say for how long: 48h, 3d or a date.', {
  label: 'Grace',
  placeholder: '48h, 3d or 2026-12-31',
  hint: 'Counted from now; 14 days in all since the payment failed',
});

/** Playbook, failed payments 3: a short grace by policy, longer only within bounds and with a name. */
export const paymentGrace = defineCommand({
  name: 'payment grace',
  summary: 'Give a customer more time to pay',
  examples: ['payment grace sofia@firm.com 48h --reason "new card is in the mail" --ticket ZD-812'],
  allowed: ['support', 'billing'],
  effect: 'reversible',
  input: z.object({ email: customerField, until: graceField, ...changeInputs }),
  positionals: ['email', 'until'],
  // When it began is not known here, so this is the least that it comes to.
  measure: ({ until }, now) => {
    const at = until === undefined ? null : momentOf(until, now);
    return at === null ? {} : { lastsMs: Math.max(at - now, 0) };
  },

  async plan({ email, until }, { sql, settings, mode, cause }) {
    const customer = await findCustomer(sql, email);
    const deadlineAt = momentOf(until, cause.now);
    if (deadlineAt === null)
      throw fieldError('until', `“${until}” is neither a span nor a date.`, 'Give 48h, 3d or 2026-12-31.');
    const grace = await findOverdueGrace(sql, mode, customer, email, until);
    requireExtendable(customer.email, grace, deadlineAt, until, cause.now);
    const others = (await listGraces(sql, customer.id)).filter(
      ({ id, state }) => state === 'open' && id !== grace.id,
    );
    const { before, changes } = await previewEntitlement(
      sql,
      { settings, mode, now: cause.now },
      customer.id,
      {
        graces: [...others, { ...grace, deadline_at: deadlineAt }].map((open) => ({
          subscriptionId: open.subscription_id,
          deadlineAt: open.deadline_at,
        })),
      },
    );
    return {
      title: `Give ${customer.email} until ${formatUtc(deadlineAt)} to pay`,
      customerId: customer.id,
      changes: [
        ...changes,
        {
          label: 'Grace',
          before: `${grace.state === 'open' ? 'until' : 'ended'} ${formatUtc(grace.deadline_at)}`,
          after: `${deadlineAt > cause.now ? 'until' : 'ended'} ${formatUtc(deadlineAt)}`,
        },
      ],
      facts: [{ label: 'Payment failed', value: { at: grace.started_at } }],
      confirmLabel: deadlineAt > grace.deadline_at ? 'Give more time' : 'Set the deadline',
      // A span ends a little later at every look, so the basis is what was typed.
      basis: [grace.id, grace.state, grace.deadline_at, until, before],
      // In all, since the payment failed: adding a little again and again comes to the same limit.
      measures: { lastsMs: deadlineAt - grace.started_at },
      data: { customer, grace, deadlineAt },
    };
  },

  async execute({ data: { customer, grace, deadlineAt }, changes }, { sql, settings, mode, cause }) {
    if (!(await extendGrace(sql, cause.now, grace, deadlineAt)))
      throw new UserError('moved', 'The grace changed meanwhile, so nothing was done.', 'Look again.');
    const { before, entitlement, change } = await recomputeEntitlement(
      sql,
      { settings, mode, cause },
      customer.id,
      { kind: 'staff', ref: cause.runId ?? '', reason: staffReason('Given more time to pay', cause) },
    );
    return {
      title: `${customer.email} has until ${formatUtc(deadlineAt)} to pay`,
      customerId: customer.id,
      changes,
      facts: [{ label: 'Grace until', value: { at: deadlineAt } }],
      before: { grace: grace.id, state: grace.state, deadlineAt: grace.deadline_at, access: before.access },
      after: { grace: grace.id, deadlineAt, access: entitlement.access },
      undo: {
        line: `payment grace ${grace.subscription_id} ${isoTime(grace.deadline_at)}`,
        sentence: `Undo sets the deadline back to ${formatUtc(grace.deadline_at)}.`,
      },
      logs: [
        {
          event: 'grace_changed',
          action: 'grace_extended',
          customer: customer.id,
          grace: grace.id,
          deadlineAt,
        },
        ...(change ? [changeLog(change, 'grace_extended')] : []),
      ],
      json: {
        customer: customer.email,
        grace: grace.id,
        until: isoTime(deadlineAt),
        tier: entitlement.tier,
        access: entitlement.access,
      },
    };
  },
});
