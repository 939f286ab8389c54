import type { Metadata } from './metadata.ts';

const productDefaults = {
  object: 'product' as const,
  description: null,
  images: [] as string[],
  marketing_features: [] as { name: string }[],
  package_dimensions: null,
  shippable: null,
  statement_descriptor: null,
  tax_code: null,
  tax_details: null,
  type: 'service',
  unit_label: null,
  url: null,
};

/** https://docs.stripe.com/api/products/object */
export type Product = typeof productDefaults & {
  id: string;
  active: boolean;
  created: number;
  default_price: string | null;
  livemode: boolean;
  metadata: Metadata;
  name: string;
  updated: number;
};

export function buildProduct(
  known: Pick<Product, 'id' | 'created' | 'livemode' | 'metadata' | 'name'>,
): Product {
  return {
    ...structuredClone(productDefaults),
    ...known,
    active: true,
    default_price: null,
    updated: known.created,
  };
}
