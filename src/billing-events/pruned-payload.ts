import { z } from 'zod';

/** An id, or an object of which only the id is kept. */
const id = z
  .union([z.string(), z.object({ id: z.string() }).transform((object) => object.id)])
  .nullish()
  .catch(null);
/** What our own checkout put in: our customer id, or an email, which goes. */
const ourName = z
  .string()
  .refine((name) => !name.includes('@'))
  .optional()
  .catch(undefined);

const kept = z.object({
  id: z.string(),
  object: z.string().optional(),
  type: z.string(),
  created: z.number(),
  livemode: z.boolean(),
  account: z.string().nullish(),
  data: z.object({
    object: z.object({
      id: z.string().nullish(),
      object: z.string().nullish(),
      created: z.number().nullish(),
      customer: id,
      invoice: id,
      payment_intent: id,
      charge: id,
      client_reference_id: ourName,
      metadata: z.object({ lucy_customer: ourName }).nullish().catch(undefined),
    }),
  }),
});

/** An event's payload without anything but ids and types: no names, addresses, amounts. What is no event becomes `{}`. */
export function prunedPayload(payload: string): string {
  const parsed = kept.safeParse(JSON.parse(payload));
  return JSON.stringify(parsed.success ? parsed.data : {});
}
