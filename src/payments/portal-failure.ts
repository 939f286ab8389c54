import type { Sql } from '#db/connection.ts';
import { recordAudit } from '#src/audit/record.ts';
import type { Cause } from '#src/core/cause.ts';
import { clamp } from '#src/core/text.ts';
import type { StripeSaidNo } from '#src/gateways/stripe-errors.ts';

/** The usual first error of an account: nobody has saved the portal's settings yet. */
export function isAboutSettings(error: StripeSaidNo): boolean {
  return /configuration|portal settings/i.test(error.message);
}

/** Writes down that Stripe made no portal link, so that failures can be counted. */
export async function recordPortalFailure(
  sql: Sql,
  cause: Cause,
  failed: { customerId: string; stripeCustomer: string; error: StripeSaidNo },
): Promise<void> {
  await recordAudit(sql, cause, {
    command: 'payment portal-link',
    outcome: 'failed',
    customerId: failed.customerId,
    input: { stripeCustomer: failed.stripeCustomer },
    before: null,
    after: { error: clamp(failed.error.message, 300), isSettings: isAboutSettings(failed.error) },
  });
}
