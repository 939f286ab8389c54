import { z } from 'zod';
import { channelKeys, span, webAddress } from './settings-words.ts';

/** `investigations:`: where the cards of `investigate` stand, and how far around a moment she looks. */
export const investigationSettings = z
  .strictObject({
    channel: z.enum(channelKeys).default('oncall'),
    window: span.default('30m'),
  })
  .prefault({});

const labels =
  /^\{\s*[a-zA-Z_]\w*\s*(=|!=|=~|!~)\s*"[^"]*"(\s*,\s*[a-zA-Z_]\w*\s*(=|!=|=~|!~)\s*"[^"]*")*\s*\}$/;

/** `log_index:`: where the log lines of Lucy and of the product are searched. The secret is LOG_INDEX_TOKEN. */
export const logIndexSettings = z
  .strictObject({
    /** Grafana Loki: lines are fetched from it, and shown. */
    loki: webAddress.optional(),
    /** Which streams, as in LogQL. */
    selector: z
      .string()
      .max(500)
      .regex(labels, 'labels as in LogQL, such as {app="lucy"}')
      .default('{app="lucy"}'),
    /** For a Loki of several tenants: the header X-Scope-OrgID. */
    tenant: z
      .string()
      .regex(/^[\w.*'()!|-]{1,150}$/, 'a tenant as Loki names it')
      .optional(),
    lines: z.int().min(1).max(1_000).default(100),
    /** Where people open the same query: Grafana and the uid of its data source. */
    grafana: z.strictObject({ url: webAddress, datasource: z.string().min(1).max(100) }).optional(),
    /** Any other index: an address with {query}, {from} and {to} (milliseconds) or {from_iso} and {to_iso} in it. */
    link: z
      .string()
      .max(1_000)
      .regex(/^https?:\/\/[^\s@]*\{query\}[^\s]*$/, 'an http or https address with {query} in it')
      .optional(),
  })
  .prefault({});

/** `sentry:`: whose issues she looks for. The token is SENTRY_AUTH_TOKEN. */
export const sentrySettings = z
  .strictObject({
    /** The organization’s slug: the name in https://NAME.sentry.io. */
    organization: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'the slug of the organization')
      .optional(),
    /** Numbers of the projects; left out: all that the token may see. */
    projects: z.array(z.int().min(1)).max(50).default([]),
    environment: z.string().min(1).max(64).optional(),
  })
  .prefault({});
