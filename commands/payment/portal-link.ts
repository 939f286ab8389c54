import { z } from 'zod';
import { listLinks } from '#db/customer-links.ts';
import { recordAudit } from '#src/audit/record.ts';
import { UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import { StripeSaidNo } from '#src/gateways/stripe-errors.ts';
import { isAboutSettings, recordPortalFailure } from '#src/payments/portal-failure.ts';
import { askStripe } from '#src/payments/require-stripe.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField, ticketField } from '#src/runner/fields.ts';

/**
 * Playbook, failed payments 2: the page where the customer puts in another card. Whoever has the link is that customer,
 * so it is shown to the person who asked and kept nowhere; that it was made stands in the audit.
 */
export const paymentPortalLink = defineLookup({
  name: 'payment portal-link',
  summary: 'Make a link with which a customer mends their payment method',
  examples: ['payment portal-link sofia@firm.com --ticket ZD-812'],
  allowed: ['support', 'billing'],
  effect: 'reads',
  input: z.object({ email: customerField, ticket: ticketField }),
  positionals: ['email'],

  async answer({ email }, { sql, stripe, mode, cause }) {
    const customer = await findCustomer(sql, email);
    const links = (await listLinks(sql, customer.id)).filter(({ status }) => status === 'active');
    const stripeCustomer = email.startsWith('cus_') ? email : links[0]?.stripe_customer_id;
    if (!stripeCustomer) {
      throw new UserError(
        'not_found',
        `${customer.email} is linked to no Stripe customer, so there is no portal for them.`,
        `To link one: customer link ${customer.email} cus_…`,
      );
    }
    const url = await askStripe(stripe, (gateway) =>
      gateway.createPortalLink(stripeCustomer, 'now').catch(async (error) => {
        // Failures are counted: the second one goes to whoever asks Stripe (support runbook, quick reference).
        if (error instanceof StripeSaidNo)
          await recordPortalFailure(sql, cause, { customerId: customer.id, stripeCustomer, error });
        throw explained(error, mode);
      }),
    );
    await recordAudit(sql, cause, {
      command: 'payment portal-link',
      outcome: 'done',
      customerId: customer.id,
      input: { email, stripeCustomer },
      before: null,
      after: { link: 'made, and shown once' },
    });
    return {
      tone: 'done',
      title: `Here is a billing portal link for ${customer.email}.`,
      facts: [
        { label: 'Link', value: { code: url } },
        { label: 'Stripe customer', value: { code: stripeCustomer } },
      ],
      warnings: [
        `Whoever opens it is ${customer.email} there: give it to them alone. It ends within minutes when nobody opens it.`,
      ],
      ...(links.length > 1 && !email.startsWith('cus_')
        ? {
            hint: `They have ${links.length} Stripe customers; for another one: payment portal-link ${links[1]?.stripe_customer_id}`,
          }
        : {}),
      isPrivate: true,
      correlationId: cause.correlationId,
      json: { customer: customer.email, stripeCustomer, url },
    };
  },
});

/** The usual first error of an account is that nobody has saved the portal's settings yet. */
function explained(error: unknown, mode: 'test' | 'live'): unknown {
  if (!(error instanceof StripeSaidNo)) return error;
  if (isAboutSettings(error)) {
    return new UserError(
      'unavailable',
      `Stripe makes no portal link, because the customer portal has no settings in ${mode} mode yet.`,
      `Somebody who may change Stripe settings opens https://dashboard.stripe.com/${mode === 'test' ? 'test/' : ''}settings/billing/portal and saves it once; then ask again.`,
    );
  }
  return new UserError(
    'conflict',
    `Stripe makes no portal link: ${error.message}`,
    'Look at the customer in Stripe; a deleted customer has no portal.',
  );
}
