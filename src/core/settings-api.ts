import { z } from 'zod';

/** The product's API: the section `api:`. */
export const apiSettings = z
  .strictObject({
    /** For each key and process; as many may come at once, and then at this pace. */
    requests_per_second: z.int().min(1).max(100_000).default(100),
  })
  .prefault({});
