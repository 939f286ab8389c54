import { arrayOf, boolean, emptyable, hash, integer, metadata, oneOf, text } from '../http/param-kinds.ts';
import type { Parsed } from '../http/params.ts';
import { required } from '../http/params.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import type { Subscription } from '../objects/subscription.ts';
import { setCancelAtPeriodEnd } from '../world/cancel.ts';
import { changePlan } from '../world/change-plan.ts';
import type { Core } from '../world/core.ts';
import { subscribe } from '../world/subscribe.ts';
import { findLiveCustomer, findNamed, findRow } from './find.ts';
import { mergeMetadata } from './metadata.ts';
import { cancellationDetails, pauseCollectionParams } from './subscription-params.ts';

const prorationBehavior = oneOf('always_invoice', 'create_prorations', 'none');

const createParams = {
  collection_method: oneOf('charge_automatically', 'send_invoice'),
  customer: required(text),
  items: required(arrayOf(hash({ price: required(text), quantity: integer }), 20)),
  metadata,
  trial_period_days: integer,
};

const updateParams = {
  cancel_at_period_end: boolean,
  cancellation_details: hash(cancellationDetails),
  items: arrayOf(hash({ id: text, price: text, quantity: integer }), 20),
  metadata,
  pause_collection: emptyable(hash(pauseCollectionParams)),
  proration_behavior: prorationBehavior,
};

/** https://docs.stripe.com/api/subscriptions/create and …/update */
export const subscriptionChangeRoutes: Route[] = [
  route('POST /v1/subscriptions', createParams, ({ core, params }) => {
    findLiveCustomer(core, params.customer, 'customer');
    for (const item of params.items) findNamed(core.tables.prices, 'price', item.price, 'items[0][price]');
    const [plan, ...rest] = params.items;
    if (!plan)
      throw invalidRequest('Missing required param: items.', { code: 'parameter_missing', param: 'items' });
    return subscribe(core, params.customer, plan.price, {
      extraItems: rest.map(({ price, quantity }) => ({ price, quantity: quantity ?? 1 })),
      metadata: mergeMetadata({}, params.metadata),
      payNow: core.tables.decliningCustomers.has(params.customer) ? 'declined' : 'paid',
      quantity: plan.quantity ?? 1,
      ...(params.collection_method === undefined ? {} : { collectionMethod: params.collection_method }),
      ...(params.trial_period_days === undefined ? {} : { trialDays: params.trial_period_days }),
    });
  }),
  route('POST /v1/subscriptions/:id', updateParams, ({ core, id, params }) => {
    const subscription = findRow(core.tables.subscriptions, 'subscription', id);
    refuseUnlessEditable(subscription, params);
    changeItems(core, subscription, params);
    core.change('customer.subscription.updated', subscription, () => edit(core, subscription, params));
    return subscription;
  }),
];

type Update = Parsed<typeof updateParams>;

function refuseUnlessEditable(subscription: Subscription, params: Update): void {
  const { metadata: _metadata, cancellation_details: _details, ...other } = params;
  const isLocked = subscription.ended_at !== null;
  if (isLocked && Object.values(other).some((value) => value !== undefined)) {
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.');
  }
  if (subscription.schedule !== null && params.cancel_at_period_end !== undefined) {
    throw invalidRequest(
      `The subscription is managed by the subscription schedule \`${subscription.schedule}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`,
      { param: 'cancel_at_period_end' },
    );
  }
}

function changeItems(core: Core, subscription: Subscription, params: Update): void {
  for (const wanted of params.items ?? []) {
    const item = subscription.items.data.find((candidate) => candidate.id === wanted.id);
    if (!item) {
      throw invalidRequest('The local Stripe can only change items that exist; name one by `id`.', {
        param: 'items',
      });
    }
    const price = findNamed(core.tables.prices, 'price', wanted.price ?? item.price.id, 'items[0][price]');
    changePlan(core, subscription.id, price.id, {
      item: item.id,
      payment: core.tables.decliningCustomers.has(subscription.customer) ? 'declined' : 'paid',
      proration: params.proration_behavior ?? 'create_prorations',
      quantity: wanted.quantity ?? item.quantity,
    });
  }
}

function edit(core: Core, subscription: Subscription, params: Update): void {
  subscription.metadata = mergeMetadata(subscription.metadata, params.metadata);
  if (params.cancel_at_period_end !== undefined) {
    setCancelAtPeriodEnd(core, subscription, params.cancel_at_period_end);
  }
  const { comment, feedback, feedback_option } = params.cancellation_details ?? {};
  if (comment !== undefined) subscription.cancellation_details.comment = comment;
  if (feedback !== undefined) subscription.cancellation_details.feedback = feedback;
  if (feedback_option !== undefined) subscription.cancellation_details.feedback_option = feedback_option;
  const pause = params.pause_collection;
  if (pause === null) subscription.pause_collection = null;
  if (pause) {
    const behavior = pause.behavior ?? subscription.pause_collection?.behavior;
    if (!behavior) {
      throw invalidRequest('Missing required param: pause_collection[behavior].', {
        code: 'parameter_missing',
        param: 'pause_collection[behavior]',
      });
    }
    subscription.pause_collection = { behavior, resumes_at: pause.resumes_at ?? null };
  }
}
