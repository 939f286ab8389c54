import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { commands } from '#commands/index.ts';
import { apiRoutes } from '#src/http/api/routes.ts';
import { actionKinds } from '#src/slack/action-ids.ts';
import { callbacks } from '#src/slack/forms/form-view.ts';
import { seedSpellings } from '#src/terminal/seed-spellings.ts';
import { manifest, rawManifest } from '#test/world/manifest.ts';
import * as expected from './expected.ts';
import { kinds, logins, members } from './principals.ts';

/** What is there and not declared, and what is declared and not there; a sentence each. */
function differences(
  what: string,
  table: string,
  there: readonly string[],
  declared: readonly string[],
): string[] {
  const undeclared = there.filter((name) => !declared.includes(name));
  const gone = declared.filter((name) => !there.includes(name));
  return [
    ...undeclared.map(
      (name) => `${what} “${name}” is not declared: say under ${table} in test/matrix/expected.ts who may.`,
    ),
    ...gone.map(
      (name) => `${what} “${name}” is not there: take it out of ${table} in test/matrix/expected.ts.`,
    ),
  ];
}

const shortcutsOf = z.object({
  features: z.object({ shortcuts: z.array(z.object({ callback_id: z.string() })).default([]) }),
});

function source(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
}

/** The routes of the server as `src/app-routes.ts` lists them, and what of the product's API stands behind one of them. */
function routes(): string[] {
  const listed = [
    ...source('src/app-routes.ts').matchAll(/\{\s*method: (?:'(\w+)'|null),\s*path: '([^']+)'/g),
    ...source('src/http/api-route.ts').matchAll(/method === '(\w+)' && url\.pathname === '([^']+)'/g),
  ];
  const pages = [...source('src/http/status-routes.ts').matchAll(/ route\('([^']+)'/g)];
  return [
    ...pages.map(([, path]) => `GET ${path}`),
    ...listed.map(([, method, path]) => `${method ?? 'ANY'} ${path}`),
    ...apiRoutes.map(({ method, path }) => `${method} ${path}`),
  ];
}

test.each([
  ['The command', 'mayRun', commands.map(({ name }) => name), Object.keys(expected.mayRun)],
  [
    'The seeds’ spelling',
    'seedSpellings',
    seedSpellings.map(({ words }) => words.join(' ')),
    Object.keys(expected.seedSpellings),
  ],
  ['The kind of button', 'buttons', actionKinds, Object.keys(expected.buttons)],
  ['The modal', 'modals', Object.values(callbacks), Object.keys(expected.modals)],
  ['The modal', 'closedModals', Object.values(callbacks), Object.keys(expected.closedModals)],
  ['The event', 'events', manifest.settings.event_subscriptions.bot_events, expected.events],
  [
    'The shortcut',
    'shortcuts',
    shortcutsOf.parse(rawManifest).features.shortcuts.map(({ callback_id: id }) => id),
    expected.shortcuts,
  ],
  ['The route', 'routes', routes(), Object.keys(expected.routes)],
])('%s: %s declares all there are, and no more', (what, table, there, declared) => {
  expect(differences(what, table, there, declared)).toEqual([]);
});

test('what is compared is there to be compared', () => {
  expect(commands.length).toBeGreaterThan(20);
  expect(routes().length).toBeGreaterThan(3);
  expect(differences('The command', 'mayRun', ['a'], ['b'])).toEqual([
    'The command “a” is not declared: say under mayRun in test/matrix/expected.ts who may.',
    'The command “b” is not there: take it out of mayRun in test/matrix/expected.ts.',
  ]);
});

test('every kind of somebody tries it in Slack or at the terminal', () => {
  expect([...new Set([...Object.keys(members), ...Object.keys(logins)])].sort()).toEqual([...kinds].sort());
});
