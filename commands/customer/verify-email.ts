import { z } from 'zod';
import { setEmailVerified } from '#db/customers.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField, optionalChoiceField } from '#src/runner/fields.ts';

type State = 'verified' | 'unverified';
const words: Record<State, string> = { verified: 'verified', unverified: 'not verified' };

/** Operations playbook, manual account adjustments: force email verification. */
export const customerVerifyEmail = defineCommand({
  name: 'customer verify-email',
  summary: 'Mark a customer’s login email as verified',
  examples: [
    'customer verify-email sofia@firm.com --reason "confirmed by phone" --ticket ZD-801',
    'customer verify-email sofia@firm.com --state unverified --reason "wrong person"',
  ],
  allowed: ['support', 'billing'],
  effect: 'reversible',
  input: z.object({
    email: customerField,
    state: optionalChoiceField(['verified', 'unverified'], {
      label: 'State',
      hint: 'Verified when left empty',
    }),
    ...changeInputs,
  }),
  positionals: ['email'],

  async plan({ email, state = 'verified' }, { sql }) {
    const customer = await findCustomer(sql, email);
    const current: State = customer.email_verified_at === null ? 'unverified' : 'verified';
    if (current === state) {
      throw new UserError(
        'conflict',
        `${customer.email} is ${words[state]} already, so nothing was changed.`,
        `Look: customer show ${customer.email}`,
      );
    }
    return {
      title: `Mark ${customer.email} as ${words[state]}`,
      customerId: customer.id,
      changes: [{ label: 'Email', before: words[current], after: words[state] }],
      confirmLabel: state === 'verified' ? 'Mark as verified' : 'Mark as not verified',
      basis: [customer.id, current, state],
      data: { customer, current, state },
    };
  },

  async execute({ data: { customer, current, state }, changes }, { sql, cause }) {
    await setEmailVerified(sql, customer.id, state === 'verified' ? cause.now : null);
    return {
      title: `${customer.email} marked as ${words[state]}`,
      customerId: customer.id,
      changes,
      before: { emailVerified: current === 'verified' },
      after: { emailVerified: state === 'verified' },
      undo: {
        line: `customer verify-email ${customer.email} --state ${current}`,
        sentence: `Undo marks it as ${words[current]} again.`,
      },
      json: { customer: customer.email, emailVerified: state === 'verified' },
    };
  },
});
