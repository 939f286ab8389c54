import { z } from 'zod';
import { findCustomerByEmail, insertCustomerIfNew } from '#db/customers.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { lowestTier } from '#src/core/settings.ts';
import { assertLinkable, linkStripeCustomer } from '#src/customers/link.ts';
import { openEntitlement } from '#src/entitlements/recompute.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, newEmailField, optionalTextField, stripeCustomerField } from '#src/runner/fields.ts';

/** A customer that Lucy shall know, linked to a Stripe customer where there is one already. */
export const customerAdd = defineCommand({
  name: 'customer add',
  summary: 'Add a customer, and link the Stripe customer',
  examples: ['customer add sofia@firm.com --stripe cus_Nff2x --reason "new account" --ticket ZD-790'],
  allowed: ['support', 'billing', 'admin'],
  effect: 'reversible',
  input: z.object({
    email: newEmailField,
    stripe: stripeCustomerField.optional().meta({ label: 'Stripe customer', placeholder: 'cus_…' }),
    name: optionalTextField(120, { label: 'Name', placeholder: 'Sofia' }),
    ...changeInputs,
  }),
  positionals: ['email'],

  async plan({ email, stripe, name }, { sql, settings }) {
    const existing = await findCustomerByEmail(sql, email);
    if (existing) throw existsAlready(email, stripe ?? null);
    if (stripe) await assertLinkable(sql, stripe, null);
    if (!email.includes('.'))
      throw fieldError('email', 'That is not a full email address.', 'Give one such as sofia@firm.com.');
    return {
      title: `Add the customer ${email}${stripe ? `, linked to ${stripe}` : ''}`,
      customerId: null,
      changes: [
        { label: 'Customer', before: 'none', after: email },
        { label: 'Tier', before: 'none', after: lowestTier(settings) },
        ...(stripe ? [{ label: 'Stripe customer', before: 'none', after: stripe }] : []),
      ],
      confirmLabel: 'Add the customer',
      basis: [email, stripe ?? null],
      data: { email, stripe: stripe ?? null, name: name ?? null },
    };
  },

  async execute({ data, changes }, { sql, settings, cause }) {
    const id = newId('cust', cause.now);
    const row = {
      id,
      email: data.email,
      name: data.name,
      email_verified_at: null,
      created_at: cause.now,
    };
    if (!(await insertCustomerIfNew(sql, row))) throw existsAlready(data.email, data.stripe);
    await openEntitlement(sql, settings, id, cause.now);
    if (data.stripe)
      await linkStripeCustomer(sql, cause, {
        customerId: id,
        stripeCustomerId: data.stripe,
        proof: 'staff',
      });
    return {
      title: `Customer ${data.email} added`,
      customerId: id,
      changes,
      ...(data.stripe
        ? {
            facts: [
              { label: 'Next', value: 'Lucy fetches what Stripe knows; the tier follows in a few seconds.' },
            ],
          }
        : {}),
      before: null,
      after: { id, email: data.email, stripe: data.stripe },
      undo: { line: null, sentence: 'A customer is not removed again; a wrong link is: customer unlink.' },
      json: { customer: data.email, id },
    };
  },
});

function existsAlready(email: string, stripe: string | null): UserError {
  const hint = stripe ? `To link Stripe: customer link ${email} ${stripe}` : `Look: customer show ${email}`;
  return new UserError('conflict', `There already is a customer ${email}.`, hint, {
    email: 'There already is this customer.',
  });
}
