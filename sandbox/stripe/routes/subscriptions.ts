import { createdPageParams, pageOf } from '../http/page.ts';
import { boolean, hash, oneOf, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { noSuch } from '../http/stripe-refusal.ts';
import type { Subscription } from '../objects/subscription.ts';
import { cancelNow } from '../world/cancel.ts';
import { findRow, rowsOf } from './find.ts';
import { cancellationDetails } from './subscription-params.ts';

const statuses = [
  'active',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const;

const listParams = {
  ...createdPageParams,
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  customer: text,
  price: text,
  status: oneOf('all', 'ended', ...statuses),
};

/** https://docs.stripe.com/api/subscriptions; creating and updating is in subscription-changes.ts */
export const subscriptionRoutes: Route[] = [
  route('GET /v1/subscriptions', listParams, ({ core, params }) =>
    pageOf(
      '/v1/subscriptions',
      'subscription',
      rowsOf(core, core.tables.subscriptions, params.customer),
      params,
      (subscription) =>
        hasStatus(subscription, params.status) &&
        (params.collection_method === undefined ||
          subscription.collection_method === params.collection_method) &&
        (params.price === undefined ||
          subscription.items.data.some(({ price }) => price.id === params.price)),
    ),
  ),
  route('GET /v1/subscriptions/:id', {}, ({ core, id }) =>
    findRow(core.tables.subscriptions, 'subscription', id),
  ),
  route(
    'DELETE /v1/subscriptions/:id',
    { cancellation_details: hash(cancellationDetails), invoice_now: boolean, prorate: boolean },
    ({ core, id, params }) => {
      const subscription = findRow(core.tables.subscriptions, 'subscription', id);
      // Stripe knows a subscription that has ended no more as one that could be cancelled.
      if (subscription.ended_at !== null) throw noSuch('subscription', id);
      const { comment, feedback, feedback_option } = params.cancellation_details ?? {};
      return cancelNow(core, id, {
        ...(comment === undefined ? {} : { comment }),
        ...(feedback === undefined ? {} : { feedback }),
        ...(feedback_option === undefined ? {} : { feedbackOption: feedback_option }),
      });
    },
  ),
];

/** Without a status everything but the canceled is listed; `ended` is canceled and expired together. */
function hasStatus({ status }: Subscription, wanted: string | undefined): boolean {
  if (wanted === undefined) return status !== 'canceled';
  if (wanted === 'all') return true;
  if (wanted === 'ended') return status === 'canceled' || status === 'incomplete_expired';
  return status === wanted;
}
