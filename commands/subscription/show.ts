import { z } from 'zod';
import { listGraces } from '#db/grace-periods.ts';
import { describeSubscriptions } from '#src/customers/describe-subscriptions.ts';
import { findCustomer } from '#src/customers/find.ts';
import { readPicture } from '#src/customers/picture.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField } from '#src/runner/fields.ts';

/** Support runbook, quick reference: missing upgrade or wrong tier starts at the subscriptions. */
export const subscriptionShow = defineLookup({
  name: 'subscription show',
  summary: 'A customer’s subscriptions, in plain words',
  examples: ['subscription show sofia@firm.com', 'subscription show sub_1MowQV'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ email: customerField }),
  positionals: ['email'],

  async answer({ email }, { sql, mode, settings, cause }) {
    const customer = await findCustomer(sql, email);
    const picture = await readPicture(sql, mode, customer, cause.now);
    const graces = await listGraces(sql, customer.id);
    return {
      ...describeSubscriptions(settings, picture, graces, cause.now),
      correlationId: cause.correlationId,
    };
  },
});
