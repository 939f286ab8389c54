import { createdPageParams, pageOf } from '../http/page.ts';
import { arrayOf, boolean, emptyable, hash, integer, metadata, oneOf, text } from '../http/param-kinds.ts';
import { required } from '../http/params.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest } from '../http/stripe-refusal.ts';
import { createPrice, editPrice } from '../world/catalogue.ts';
import type { Core } from '../world/core.ts';
import { findNamed, findRow } from './find.ts';
import { mergeMetadata } from './metadata.ts';

const interval = oneOf('day', 'week', 'month', 'year');

const writable = {
  active: boolean,
  lookup_key: emptyable(text),
  metadata,
  nickname: emptyable(text),
  transfer_lookup_key: boolean,
};

const listParams = {
  ...createdPageParams,
  active: boolean,
  currency: text,
  lookup_keys: arrayOf(text, 10),
  product: text,
  type: oneOf('one_time', 'recurring'),
};

/** https://docs.stripe.com/api/prices */
export const priceRoutes: Route[] = [
  route(
    'POST /v1/prices',
    {
      ...writable,
      currency: required(text),
      product: required(text),
      recurring: hash({ interval: required(interval), interval_count: integer }),
      unit_amount: required(integer),
    },
    ({ core, params }) => {
      findNamed(core.tables.products, 'product', params.product, 'product');
      claimLookupKey(core, params.lookup_key, params.transfer_lookup_key);
      return createPrice(core, {
        currency: params.currency,
        interval: params.recurring?.interval ?? null,
        lookupKey: params.lookup_key ?? null,
        metadata: mergeMetadata({}, params.metadata),
        nickname: params.nickname ?? null,
        product: params.product,
        unitAmount: params.unit_amount,
      });
    },
  ),
  route('GET /v1/prices', listParams, ({ core, params }) =>
    pageOf(
      '/v1/prices',
      'price',
      core.tables.prices.newestFirst(),
      params,
      (price) =>
        (params.active === undefined || price.active === params.active) &&
        (params.currency === undefined || price.currency === params.currency) &&
        (params.lookup_keys === undefined || params.lookup_keys.includes(price.lookup_key ?? '')) &&
        (params.product === undefined || price.product === params.product) &&
        (params.type === undefined || price.type === params.type),
    ),
  ),
  route('GET /v1/prices/:id', {}, ({ core, id }) => findRow(core.tables.prices, 'price', id)),
  route('POST /v1/prices/:id', writable, ({ core, id, params }) => {
    const price = findRow(core.tables.prices, 'price', id);
    if (params.lookup_key !== price.lookup_key) {
      claimLookupKey(core, params.lookup_key, params.transfer_lookup_key);
    }
    return editPrice(core, price.id, {
      ...(params.active === undefined ? {} : { active: params.active }),
      ...(params.lookup_key === undefined ? {} : { lookupKey: params.lookup_key }),
      ...(params.nickname === undefined ? {} : { nickname: params.nickname }),
      metadata: mergeMetadata(price.metadata, params.metadata),
    });
  }),
];

/** One lookup key belongs to one price, and moves only when asked to. */
function claimLookupKey(core: Core, key: string | null | undefined, transfer: boolean | undefined): void {
  if (!key) return;
  const holder = core.tables.prices.newestFirst().find((price) => price.lookup_key === key);
  if (!holder) return;
  if (transfer) editPrice(core, holder.id, { lookupKey: null });
  else
    throw invalidRequest(`A price (\`${holder.id}\`) already uses that lookup key.`, { param: 'lookup_key' });
}
