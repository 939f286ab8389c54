import { z } from 'zod';
import { findCustomer } from '#src/customers/find.ts';
import { describeDiagnosis } from '#src/diagnosis/describe-diagnosis.ts';
import { diagnose } from '#src/diagnosis/diagnose.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField } from '#src/runner/fields.ts';
import { whoElse } from '#src/runner/who-else.ts';

/** The support runbook as one command: its quick reference and its escalation criteria, asked of one customer. */
export const customerDiagnose = defineLookup({
  name: 'customer diagnose',
  summary: 'Find what is wrong with a customer’s tier, credits or payments, what mends it, and who helps',
  examples: ['customer diagnose sofia@firm.com', 'customer diagnose cus_Nff2x'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({ email: customerField }),
  positionals: ['email'],

  async answer({ email }, { sql, settings, mode, stripe, commands, cause }) {
    const customer = await findCustomer(sql, email);
    const diagnosis = await diagnose({ sql, settings, mode, stripe, now: cause.now }, customer);
    const others = (line: string) => whoElse({ commands, settings }, cause.actor, line);
    return { ...describeDiagnosis(settings, diagnosis, others), correlationId: cause.correlationId };
  },
});
