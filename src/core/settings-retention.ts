import { z } from 'zod';

/** `retention:`, how long rows are kept that nothing needs any more (docs/decisions/0005). */
export const retentionSettings = z
  .strictObject({
    /** Messages to Slack that tell of nothing done to a customer; those that do are kept 400 days. */
    messages_days: z.int().min(30).max(400).default(90),
    /** Receipts and previews of runs that ended; the run itself, its undoing and its audit stay. */
    runs_days: z.int().min(90).max(3_650).default(400),
  })
  .prefault({});
