import { z } from 'zod';

/** Stripe gives an object's id, or, expanded, the object. */
export const reference = z
  .union([z.string(), z.object({ id: z.string() }).transform((object) => object.id)])
  .nullish()
  .transform((id) => id ?? null);

/** Stripe's seconds as milliseconds. */
export const moment = z
  .number()
  .nullish()
  .transform((seconds) => (typeof seconds === 'number' ? seconds * 1000 : null));

export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

export const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 1);

/** A price as an object, or as its bare id. */
export const price = z.union([
  z.string().transform((id) => ({ priceId: id, lookupKey: null, productId: null })),
  z
    .object({ id: z.string(), lookup_key: text, product: reference })
    .transform((value) => ({ priceId: value.id, lookupKey: value.lookup_key, productId: value.product })),
]);
