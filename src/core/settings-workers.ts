import { z } from 'zod';

/**
 * `workers:`: how much one process does side by side (playbook, “Scaling procedure”, short term). More processes are
 * started instead where one has used up its core: docs/scaling.md says when which.
 */
export const workerSettings = z
  .strictObject({
    /**
     * Customers fetched from Stripe at once. The time goes into waiting: two calls of 150 ms each, so eight make the 25 a second
     * that Stripe lets an endpoint be asked. With four, customers wait from 13 a second on (bench `event-to-tier`).
     */
    sync: z.int().min(1).max(32).default(8),
    /** Effects sent to Stripe at once: refunds, cancellations, evidence. */
    effects: z.int().min(1).max(16).default(2),
    /** Connections to Postgres of each process; all processes together must stay below the server’s max_connections. */
    database_connections: z.int().min(2).max(100).default(10),
  })
  .prefault({});
