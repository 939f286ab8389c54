import type { Browser } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { bug } from '#sandbox/observability/story.ts';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

/** From a ticket to the fix: real Chromium, real Bolt, a local log index and a local Sentry. */
const hasBrowser = findBrowser('the journey of an investigation in the sandbox (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

test.skipIf(!hasBrowser)(
  'Sam investigates a ticket; Olu reads the log and Sentry on the card, links the fix and closes the case',
  async () => {
    const { page, openAs, picture, sandbox } = await openSandbox(browser, 'support');
    await say(page, 'support', '/lucy trace');
    const asked = page.getByRole('dialog').first();
    await asked.getByText('Window').first().waitFor();
    await picture('trace-form');
    await asked.getByRole('button', { name: 'Cancel' }).click();

    await say(page, 'support', `/lucy investigate ${bug.ticket} --request ${bug.requestId}`);
    await page.getByRole('button', { name: 'Open the case' }).waitFor();
    await picture('investigate-preview');
    await page.getByRole('button', { name: 'Open the case' }).click();
    await page.getByText(`The case of ${bug.ticket} is open in #lucy-oncall`).first().waitFor();

    const olu = await openAs('olu', 'lucy-oncall');
    await olu.getByText(`Investigation of ${bug.ticket}: 2 of 4 steps done`).first().waitFor();
    await olu.getByText('no row for the second line').first().waitFor();
    await olu.getByText('Cannot read properties of undefined').first().waitFor();
    await picture('investigation-card', olu);
    await olu.getByRole('button', { name: 'Close …' }).first().click();
    const close = olu.getByRole('dialog').first();
    await close.getByRole('textbox', { name: 'Reason' }).fill('shipped in 4.2.1');
    await close.getByRole('button', { name: 'Preview' }).click();
    await close.getByText('are not linked').first().waitFor();
    await picture('investigation-not-closed', olu);
    await close
      .getByRole('button', { name: /Cancel|Close/ })
      .first()
      .click();

    const link = `/lucy investigation link ${bug.ticket} --patch https://git.sandbox.example/7 --test https://git.sandbox.example/7/test`;
    await say(olu, 'lucy-oncall', link);
    await olu.getByRole('button', { name: 'Link', exact: true }).click();
    await olu.getByText('3 of 4 steps done').first().waitFor({ timeout: 20_000 });
    await say(olu, 'lucy-oncall', `/lucy investigation close ${bug.ticket} --reason "shipped in 4.2.1"`);
    await olu.getByRole('button', { name: 'Close it' }).click();
    await olu
      .getByText('closed it, 3 of 4 steps done: shipped in 4.2.1')
      .first()
      .waitFor({ timeout: 20_000 });
    await picture('investigation-closed', olu);

    const [row] = await sandbox.app.runner.database.knex('investigations');
    expect(row).toMatchObject({ ticket: bug.ticket, state: 'closed', closed_name: 'Olu' });
    const explored = await (await fetch(`${sandbox.observability.loki.url}/explore`)).text();
    expect(explored).toContain('investigation_closed');
  },
);
