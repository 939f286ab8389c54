import { createdPageParams, pageOf } from '../http/page.ts';
import { arrayOf, boolean, metadata, text } from '../http/param-kinds.ts';
import { required } from '../http/params.ts';
import { type Route, route } from '../http/route.ts';
import { createProduct, editProduct } from '../world/catalogue.ts';
import { findRow } from './find.ts';
import { mergeMetadata } from './metadata.ts';

/** https://docs.stripe.com/api/products */
export const productRoutes: Route[] = [
  route('POST /v1/products', { id: text, metadata, name: required(text) }, ({ core, params }) =>
    createProduct(core, {
      ...(params.id === undefined ? {} : { id: params.id }),
      metadata: mergeMetadata({}, params.metadata),
      name: params.name,
    }),
  ),
  route(
    'GET /v1/products',
    { ...createdPageParams, active: boolean, ids: arrayOf(text) },
    ({ core, params }) =>
      pageOf(
        '/v1/products',
        'product',
        core.tables.products.newestFirst(),
        params,
        (product) =>
          (params.active === undefined || product.active === params.active) &&
          (params.ids === undefined || params.ids.includes(product.id)),
      ),
  ),
  route('GET /v1/products/:id', {}, ({ core, id }) => findRow(core.tables.products, 'product', id)),
  route('POST /v1/products/:id', { active: boolean, metadata, name: text }, ({ core, id, params }) => {
    const product = findRow(core.tables.products, 'product', id);
    return editProduct(core, product.id, {
      ...(params.active === undefined ? {} : { active: params.active }),
      ...(params.name === undefined ? {} : { name: params.name }),
      metadata: mergeMetadata(product.metadata, params.metadata),
    });
  }),
];
