import { z } from 'zod';

/** `webhooks:`: what Lucy looks for when Stripe's webhooks do not arrive, and when she tells on-call. */
export const webhookSettings = z
  .strictObject({
    /** How far back the first start asks Stripe for events; afterwards she goes on from where she was. */
    first_look_back_hours: z
      .int()
      .min(0)
      .max(30 * 24)
      .default(1),
    /** How old an event may be that Stripe could not deliver; Stripe itself tries for three days, and keeps 30. */
    undelivered_days: z.int().min(1).max(30).default(3),
    /** So many undelivered, failed and dead events together are told to on-call. */
    alert_at: z.int().min(1).max(10_000).default(5),
    /** So many refused deliveries within ten minutes are told to on-call. */
    refused_alert_at: z.int().min(1).max(100_000).default(5),
    /** When so many customers wait at once, their subscriptions are read by pages of the whole list instead of singly. */
    bulk_threshold: z.int().min(1).max(1_000_000).default(500),
  })
  .prefault({});
