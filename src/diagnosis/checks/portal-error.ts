import { listPortalTries } from '#db/detector-portal.ts';
import { DAY_MS, formatUtc } from '#src/core/clock.ts';
import { type Check, fine, unknown } from '../check.ts';
import { triedInVain } from '../portal-tries.ts';

/** Support runbook, quick reference row 4: why there is no billing portal for this customer. */
export const portalError: Check = {
  id: 'portal_error',
  async run({ sql, mode, now, picture, stripe, stripeCustomers }) {
    const { id, email } = picture.customer;
    const failed = triedInVain(await listPortalTries(sql, now - 30 * DAY_MS, 100), id);
    const evidence = failed.slice(0, 3).map((row) => `${formatUtc(row.at)}: ${row.error}`);
    const again = { label: 'Try a portal link', line: `payment portal-link ${email}` };
    if (stripe && !stripe.hasPortalSettings) {
      return {
        verdict: 'problem',
        sentence: `The customer portal has no settings in ${mode} mode, so nobody gets a link. Whoever may change Stripe settings saves them once: https://dashboard.stripe.com/${mode === 'test' ? 'test/' : ''}settings/billing/portal`,
        evidence,
        remedy: again,
      };
    }
    const gone = stripeCustomers.find((customer) => stripe?.subscriptions.get(customer) === null);
    if (gone) {
      return {
        verdict: 'problem',
        sentence: `${gone} was deleted at Stripe, and a deleted customer has no portal.`,
        evidence,
        remedy: { label: 'Link the new one', line: `customer link ${email}` },
      };
    }
    if (failed.length > 0) {
      return {
        verdict: 'problem',
        sentence: `The last ${failed.length === 1 ? 'try' : `${failed.length} tries`} to make a portal link for ${email} failed.`,
        evidence,
        remedy: again,
      };
    }
    if (stripeCustomers.length === 0)
      return fine('No Stripe customer is linked, so there is no portal to open.');
    return stripe
      ? fine('The portal has its settings, and no link failed.')
      : unknown('Whether the portal has its settings only Stripe can say.');
  },
};
