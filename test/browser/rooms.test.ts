import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

/** An incident where it is worked on: real Chromium, real Bolt. */
const hasBrowser = findBrowser('the journey of an incident in its room (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

const ROOM = 'inc-1-checkout-is-down';

/** The menu of the message that says this. */
async function choose(page: Page, text: string, action: string | RegExp): Promise<void> {
  const message = page.getByTestId('message').filter({ hasText: text }).last();
  await message.hover();
  await message.getByRole('button', { name: 'More actions' }).click();
  await message.getByRole('menuitem', { name: action }).click();
}

test.skipIf(!hasBrowser)(
  'Olu declares it, works in its room with @lucy, a shortcut and a pin, is asked how bad it is, and resolves it',
  async () => {
    const { page: sam, openAs, picture, sandbox } = await openSandbox(browser, 'support');
    const { knex } = sandbox.app.runner.database;
    await say(sam, 'support', 'Sofia cannot pay since noon');
    const olu = await openAs('olu', 'lucy-oncall');

    await say(olu, 'lucy-oncall', '/lucy incident declare "checkout is down"');
    await olu.getByRole('button', { name: 'Declare the incident' }).click();
    await olu.getByRole('button', { name: ROOM }).click({ timeout: 20_000 });
    await olu.getByText('INC-1, investigating: checkout is down').first().waitFor();
    await olu.getByText('Pinned by Lucy').waitFor({ timeout: 20_000 });
    await picture('room', olu);

    // In a thread, where Slack has no commands; nobody names the incident.
    await say(olu, ROOM, 'Stripe says 503');
    const line = olu.getByTestId('message').filter({ hasText: 'Stripe says 503' }).last();
    await line.hover();
    await line.getByRole('button', { name: 'Reply in thread' }).click();
    await olu
      .getByRole('textbox', { name: 'Reply to thread' })
      .fill('@lucy incident note "Stripe answers 503"');
    await olu.getByRole('textbox', { name: 'Reply to thread' }).press('Enter');
    const thread = olu.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Noted in INC-1').waitFor({ timeout: 15_000 });
    await picture('room-thread', olu);
    await thread.getByRole('button', { name: 'Close thread' }).click();

    await olu.goto(`${sandbox.url}#/olu/support`);
    await choose(olu, 'Sofia cannot pay since noon', /Add to incident timeline/);
    await olu
      .getByText('Noted in INC-1: Sam in #support: “Sofia cannot pay since noon”')
      .waitFor({ timeout: 15_000 });
    await picture('room-shortcut', olu);

    await olu.goto(`${sandbox.url}#/olu/${ROOM}`);
    await choose(olu, 'Stripe says 503', 'Pin to channel');
    await olu.getByText('Pinned by Olu').waitFor();
    await olu.getByText('Olu: pinned Olu: “Stripe says 503”').first().waitFor({ timeout: 20_000 });

    // Five minutes later.
    await knex('timers').where({ kind: 'incident_severity' }).update({ due_at: Date.now() });
    await olu.getByText('INC-1: how bad is it?').waitFor({ timeout: 20_000 });
    await picture('room-asked', olu);
    await olu.setViewportSize({ width: 390, height: 844 });
    await olu.reload();
    const asked = olu.getByTestId('message').filter({ hasText: 'INC-1: how bad is it?' }).last();
    await asked.waitFor();
    await picture('room-asked-390', olu);
    await asked.hover();
    await asked.getByRole('button', { name: 'More actions' }).click();
    await picture('room-menu-390', olu);
    await olu.setViewportSize({ width: 1280, height: 900 });
    await olu.reload();
    await olu.getByRole('button', { name: 'SEV1: customers cannot use or buy it' }).click();
    await olu.getByText('INC-1: nothing more is asked.').waitFor({ timeout: 20_000 });

    await say(olu, ROOM, '/lucy incident resolve --reason "rolled back"');
    await olu.getByRole('button', { name: 'Resolve the incident' }).click();
    await olu.getByText('INC-1 is resolved: rolled back').first().waitFor({ timeout: 20_000 });
    await picture('room-resolved', olu);

    const entries = await knex('incident_entries').orderBy('id');
    expect(entries.map(({ kind }: { kind: string }) => kind)).toEqual([
      'declared',
      'state',
      'note',
      'note',
      'pin',
      'state',
      'state',
    ]);
  },
);
