import type { Sql } from '#db/connection.ts';
import { findLink, listLinks } from '#db/customer-links.ts';
import { type CustomerRow, findCustomerById } from '#db/customers.ts';
import { readUnrest, type Unrest } from '#db/reconcile-unrest.ts';
import { fetchCustomer } from '#src/billing-events/fetch-customer.ts';
import { errorMessage } from '#src/core/errors.ts';
import { StripeRefused, UnknownStripeCustomer } from '#src/gateways/stripe-errors.ts';
import type { ReconcileDeps } from './deps.ts';
import { judge } from './judge.ts';
import type { Found, Hint } from './kinds.ts';
import { rehearse, type Whole } from './rehearse.ts';

export type Examined = Unrest & { found: Found[] };

/**
 * Looks closely at one customer: all that Stripe says of them now, against all that Lucy has. Stripe is asked first, so
 * what arrives here meanwhile can only make the two more alike.
 *
 * @param subject `cus_…` of Stripe, or `cust_…` of ours
 * @throws StripeAway, StripeRefused as the gateway does
 */
export async function examine(deps: ReconcileDeps, subject: string, hint: Hint | null): Promise<Examined> {
  const sql = deps.database.knex;
  const { owner, customers } = await readSubject(sql, subject);
  if (!owner) return examineUnlinked(deps, subject, hint);
  const wholes: Whole[] = [];
  const strange: Found[] = [];
  for (const stripeCustomerId of customers) {
    const asked = stripeCustomerId === subject || customers.length === 1 ? (hint?.payments ?? []) : [];
    try {
      wholes.push({
        stripeCustomerId,
        fetched: await fetchCustomer(deps, stripeCustomerId, [], asked),
      });
    } catch (error) {
      if (!(error instanceof UnknownStripeCustomer)) throw error;
      strange.push(strangerOf(deps, owner, stripeCustomerId));
    }
  }
  const unrest = await readUnrest(sql, customers, owner.id);
  // What Stripe does not know at all cannot be judged; a person finds out whose key or link is wrong.
  if (strange.length > 0) return { found: strange, ...unrest };
  const rehearsal = await rehearse(deps, owner, wholes);
  const unread = wholes.flatMap((whole) => unreadOf(deps, owner, whole));
  const found = [...judge(deps.settings, owner, customers, rehearsal), ...unread];
  const sessions = new Map(hint?.payments?.map(({ id, sessionId }) => [id, sessionId]));
  return {
    found: found.map((item) => ({ ...item, session: sessions.get(item.subject) ?? null })),
    ...unrest,
  };
}

/** Who is meant, of ours, and as whom Stripe knows them. */
export async function readSubject(
  sql: Sql,
  subject: string,
): Promise<{ owner: CustomerRow | undefined; customers: string[] }> {
  const customerId = subject.startsWith('cust_') ? subject : (await findLink(sql, subject))?.customer_id;
  const owner = customerId ? await findCustomerById(sql, customerId) : undefined;
  if (!owner) return { owner, customers: [subject] };
  return { owner, customers: (await listLinks(sql, owner.id)).map((link) => link.stripe_customer_id) };
}

/** Payments of which nothing is known, and so not that they agree. What the key may not read, it may read of nobody. */
function unreadOf({ log }: ReconcileDeps, owner: CustomerRow, { stripeCustomerId, fetched }: Whole): Found[] {
  const unread = [...fetched.unreadable].filter(([, error]) => !(error instanceof StripeRefused));
  for (const [id, error] of unread)
    log.error({ event: 'reconcile_unreadable', payment: id, err: error }, errorMessage(error));
  return unread.map(
    ([id]): Found => ({
      kind: 'unreadable',
      subject: id,
      customerId: owner.id,
      stripeCustomerId,
      stripe: 'could not be read or booked',
      lucy: 'not compared',
      action: `Find the cause in the log (reconcile_unreadable), then: reconcile run ${owner.email}`,
      isAmbiguous: true,
    }),
  );
}

async function examineUnlinked(deps: ReconcileDeps, subject: string, hint: Hint | null): Promise<Examined> {
  const unrest = await readUnrest(deps.database.knex, [subject], null);
  if (!hint?.unlinked) return { found: [], ...unrest };
  const found: Found = {
    kind: 'unlinked_customer',
    subject,
    customerId: null,
    stripeCustomerId: subject,
    stripe: hint.unlinked,
    lucy: 'linked to nobody',
    action: `Check whose it is, then: customer link EMAIL ${subject}`,
    isAmbiguous: true,
  };
  return { found: [found], ...unrest };
}

function strangerOf({ mode }: ReconcileDeps, owner: CustomerRow, stripeCustomerId: string): Found {
  return {
    kind: 'mode_mix',
    subject: stripeCustomerId,
    customerId: owner.id,
    stripeCustomerId,
    stripe: `knows no such customer in ${mode} mode`,
    lucy: `linked to ${owner.email}`,
    action: `Check whether it is of the other mode or of another account, then: customer unlink ${owner.email} ${stripeCustomerId}`,
    isAmbiguous: true,
  };
}
