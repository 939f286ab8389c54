import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { events } from '#src/slack/listeners/events.ts';
import { shortcuts } from '#src/slack/listeners/shortcuts.ts';
import { slashCommand } from '#src/slack/listeners/slash.ts';
import { manifest, rawManifest } from '#test/world/manifest.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The scope of each method that Lucy may call (docs.slack.dev/reference/methods); null needs none. */
const scopeOfMethod: Record<string, string | string[] | null> = {
  'auth.test': null,
  'chat.getPermalink': null,
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  // For public channels and for private ones.
  'conversations.archive': ['channels:manage', 'groups:write'],
  'conversations.create': ['channels:manage', 'groups:write'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.invite': ['channels:manage', 'groups:write'],
  'conversations.open': 'im:write',
  'conversations.setTopic': ['channels:manage', 'groups:write'],
  'conversations.unarchive': ['channels:manage', 'groups:write'],
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'files.info': 'files:read',
  'pins.add': 'pins:write',
  'users.conversations': ['channels:read', 'groups:read'],
  'users.info': 'users:read',
  'usergroups.list': 'usergroups:read',
  'views.open': null,
  'views.push': null,
  'views.publish': null,
  'views.update': null,
};

/** The scope of each event (docs.slack.dev/reference/events). */
const scopeOfEvent: Record<string, string | null> = {
  app_home_opened: null,
  app_mention: 'app_mentions:read',
  pin_added: 'pins:read',
  subteam_members_changed: 'usergroups:read',
  subteam_updated: 'usergroups:read',
};

function calledMethods(): string[] {
  const folder = join(root, 'src/slack');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  const calls = sources.flatMap((source) => [...source.matchAll(/\bslack\.(\w+\.\w+)\(/g)]);
  return [...new Set(calls.map((match) => match[1] ?? ''))].sort();
}

test('the manifest is valid against Slack’s own schema', () => {
  const schema = JSON.parse(
    readFileSync(join(root, 'test/fixtures/slack-manifest/manifest.schema.1.0.0.json'), 'utf8'),
  );
  const ajv = addFormats.default(new Ajv.default({ strict: false, allErrors: true }));
  const validate = ajv.compile(schema);

  validate(rawManifest);

  expect(validate.errors).toBeNull();
});

test('every call of the code has its scope in the table, and no row is left over', () => {
  expect(calledMethods()).toEqual(Object.keys(scopeOfMethod).sort());
});

test('every scope has a caller, and every caller its scope', () => {
  const needed = [
    'commands',
    ...calledMethods().flatMap((method) => scopeOfMethod[method]),
    ...Object.keys(events).map((event) => scopeOfEvent[event]),
  ].filter((scope) => typeof scope === 'string');

  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...new Set(needed)].sort());
});

test('every event has a listener, and every listener its event', () => {
  expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual(Object.keys(events).sort());
});

test('every slash command is registered, and what is registered is declared', () => {
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([slashCommand]);
  expect(manifest.features.slash_commands[0]?.should_escape).toBe(true);
});

test('every shortcut that is declared is done, and what is done is declared', () => {
  expect(manifest.features.shortcuts.map(({ callback_id: id }) => id).sort()).toEqual(
    Object.keys(shortcuts).sort(),
  );
  // Slack lets a name have 24 characters.
  for (const { name } of manifest.features.shortcuts) expect(name.length).toBeLessThanOrEqual(24);
});

test('Slack sends everything to the one door, and Home and the messages tab are open', () => {
  const { interactivity, event_subscriptions: subscriptions } = manifest.settings;
  expect(interactivity.is_enabled).toBe(true);
  for (const address of [interactivity.request_url, subscriptions.request_url])
    expect(new URL(address).pathname).toBe('/slack/events');
  expect(manifest.features.app_home).toMatchObject({ home_tab_enabled: true, messages_tab_enabled: true });
});
