import { z } from 'zod';
import { channelKeys, span } from './settings-words.ts';

/** Where the head of the audit chain is told, so that nobody can rewrite history behind it: the section `audit:`. */
export const auditSettings = z
  .strictObject({
    channel: z.enum(channelKeys).default('oncall'),
    /** At most this often, and only when something was sealed since; the log has it every hour. */
    head_every: span.default('24h'),
  })
  .prefault({});
