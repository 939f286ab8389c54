import { z } from 'zod';
import { listLinks } from '#db/customer-links.ts';
import { countWaiting } from '#db/stripe-events.ts';
import { counted } from '#src/core/text.ts';
import { findCustomer } from '#src/customers/find.ts';
import { assertLinkable, linkStripeCustomer } from '#src/customers/link.ts';
import { defineCommand } from '#src/runner/define-command.ts';
import { changeInputs, customerField, stripeCustomerField } from '#src/runner/fields.ts';

/** A member of staff vouches that a Stripe customer is one of ours (DESIGN section 10: linking). */
export const customerLink = defineCommand({
  name: 'customer link',
  summary: 'Say which Stripe customer is this customer',
  examples: ['customer link sofia@firm.com cus_Nff2x --reason "paid with her private email" --ticket ZD-790'],
  allowed: ['support', 'billing'],
  effect: 'reversible',
  input: z.object({ email: customerField, stripe: stripeCustomerField, ...changeInputs }),
  positionals: ['email', 'stripe'],

  async plan({ email, stripe }, { sql }) {
    const customer = await findCustomer(sql, email);
    await assertLinkable(sql, stripe, customer.id);
    const linked = (await listLinks(sql, customer.id)).map((link) => link.stripe_customer_id);
    const waiting = await countWaiting(sql, stripe);
    return {
      title: `Link ${stripe} to ${customer.email}`,
      customerId: customer.id,
      changes: [
        {
          label: 'Stripe customers',
          before: linked.join(', ') || 'none',
          after: [...linked, stripe].join(', '),
        },
      ],
      facts: waitingFact(waiting),
      warnings: linked.length > 0 ? [`${customer.email} keeps ${linked.join(', ')}: both will count.`] : [],
      confirmLabel: 'Link them',
      // Events go on arriving; what is agreed to is the link.
      basis: [customer.id, stripe, linked],
      data: { customer, stripe },
    };
  },

  async execute({ data: { customer, stripe }, changes }, { sql, cause }) {
    const { released } = await linkStripeCustomer(sql, cause, {
      customerId: customer.id,
      stripeCustomerId: stripe,
      proof: 'staff',
    });
    return {
      title: `${stripe} linked to ${customer.email}`,
      customerId: customer.id,
      changes,
      facts: [
        ...waitingFact(released),
        { label: 'Next', value: 'Lucy fetches what Stripe knows; the tier follows in a few seconds.' },
      ],
      before: { linked: false },
      after: { linked: true, stripeCustomer: stripe, releasedEvents: released },
      undo: {
        line: `customer unlink ${customer.email} ${stripe}`,
        sentence: 'Undo takes the link away and the tier with it; credits stay.',
      },
      logs: [
        {
          event: 'customer_linked',
          action: 'customer_linked',
          customer: customer.id,
          stripeCustomer: stripe,
          released,
        },
      ],
      json: { customer: customer.email, stripeCustomer: stripe, releasedEvents: released },
    };
  },
});

function waitingFact(waiting: number) {
  return [
    {
      label: 'Waiting events',
      value: waiting > 0 ? `${counted(waiting, 'event')} that came before the link` : 'None',
    },
  ];
}
