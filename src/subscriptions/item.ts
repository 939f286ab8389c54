import { z } from 'zod';

/** One item of a Stripe subscription, as mirrored: what is sold, how many, and for which period. */
export const subscriptionItemSchema = z.object({
  priceId: z.string(),
  lookupKey: z.string().nullable(),
  productId: z.string().nullable(),
  /** `metadata.tier` of the product, read only when nothing else maps the item. */
  productTier: z.string().nullable(),
  quantity: z.number(),
  /** Milliseconds; null when Stripe did not say. */
  periodStart: z.number().nullable(),
  periodEnd: z.number().nullable(),
});

export type SubscriptionItem = z.infer<typeof subscriptionItemSchema>;

/** Made once: making it takes as long as parsing with it. */
const itemsSchema = z.array(subscriptionItemSchema);

export function parseItems(json: string | null): SubscriptionItem[] {
  return json === null ? [] : itemsSchema.parse(JSON.parse(json));
}
