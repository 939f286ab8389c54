import { z } from 'zod';

/** `retention:`, how long rows are kept that nothing needs any more (docs/decisions/0005). */
export const retentionSettings = z
  .strictObject({
    /** Messages to Slack that tell of nothing done to a customer; those that do are kept 400 days. */
    messages_days: z.int().min(30).max(400).default(90),
  })
  .prefault({});
