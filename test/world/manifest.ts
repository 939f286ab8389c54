import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

/** What manifest.yml asks Slack for. */
const schema = z.object({
  features: z.object({
    slash_commands: z.array(
      z.object({
        command: z.string(),
        description: z.string(),
        usage_hint: z.string(),
        should_escape: z.boolean(),
      }),
    ),
    shortcuts: z.array(z.object({ name: z.string(), type: z.literal('message'), callback_id: z.string() })),
    app_home: z.object({ home_tab_enabled: z.boolean(), messages_tab_enabled: z.boolean() }),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    interactivity: z.object({ is_enabled: z.boolean(), request_url: z.string() }),
    event_subscriptions: z.object({ request_url: z.string(), bot_events: z.array(z.string()) }),
  }),
});

const file = fileURLToPath(new URL('../../manifest.yml', import.meta.url));

export const rawManifest: unknown = parse(readFileSync(file, 'utf8'));
export const manifest = schema.parse(rawManifest);
