import { z } from 'zod';

/** `reconcile:`: how Lucy compares everything at Stripe with everything here. */
export const reconcileSettings = z
  .strictObject({
    /** When she does it by herself, UTC; `never` leaves it to people. */
    nightly_at: z
      .string()
      .regex(/^(([01]\d|2[0-3]):[0-5]\d|never)$/, 'a time of day such as 03:30 (UTC), or never')
      .default('03:30'),
    /** Of all processes together. Stripe lets an endpoint be asked 25 times a second; the rest is for people. */
    requests_per_second: z.int().min(1).max(100).default(15),
    /** How many lists one process reads side by side; more than the pace fills is of no use. */
    parallel: z.int().min(1).max(64).default(8),
    /** How far back refunds and one-off purchases are looked through. */
    payments_days: z.int().min(1).max(400).default(30),
  })
  .prefault({});
