import { z } from 'zod';

/** What a key may be for; each route of /api asks for one of them. */
export const apiScopes = ['read', 'consume', 'usage', 'reports', 'customers', 'releases'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** The product's API: the section `api:`. */
export const apiSettings = z
  .strictObject({
    /** For each key and process; as many may come at once, and then at this pace. */
    requests_per_second: z.int().min(1).max(100_000).default(100),
    /** By a key's name in LUCY_API_KEYS. One that is not named here may do everything. */
    keys: z
      .record(z.string().min(1), z.strictObject({ scopes: z.array(z.enum(apiScopes)).min(1) }))
      .default({}),
  })
  .prefault({});
