import { z } from 'zod';
import { describeCustomer } from '#src/customers/describe.ts';
import { findCustomer } from '#src/customers/find.ts';
import { readPicture } from '#src/customers/picture.ts';
import { withOpenDisputes } from '#src/disputes/mention.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField } from '#src/runner/fields.ts';

/** Support runbook section 2: verify the account state. */
export const customerShow = defineLookup({
  name: 'customer show',
  summary: 'What a customer has, and why',
  examples: ['customer show sofia@firm.com', 'customer show cus_Nff2x'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ email: customerField }),
  positionals: ['email'],

  async answer({ email }, { sql, mode, settings, cause }) {
    const customer = await findCustomer(sql, email);
    const described = describeCustomer(settings, await readPicture(sql, mode, customer, cause.now));
    const reply = await withOpenDisputes(sql, described, customer.id);
    return { ...reply, correlationId: cause.correlationId };
  },
});
