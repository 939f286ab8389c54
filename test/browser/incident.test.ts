import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

/** A whole incident from the lost webhooks to the PDF, as Olu lives it: real Chromium, real Bolt, a fast clock. */
const hasBrowser = findBrowser('the journey of an incident in the sandbox (test/browser)');
const wait = { timeout: 90_000 };
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

/** Types a line in #incidents and presses the button of its preview. */
async function does(olu: Page, line: string, button: string, said: string): Promise<void> {
  await say(olu, 'incidents', `/lucy ${line}`);
  await olu.getByRole('button', { name: button, exact: true }).last().click(wait);
  await olu.getByText(said).last().waitFor(wait);
}

test.skipIf(!hasBrowser)(
  'webhooks are lost: alert, incident, a linted update on the status page, reconciliation, resolution, postmortem, PDF',
  async () => {
    const { sandbox, openAs, picture } = await openSandbox(browser, 'support');
    const knex = sandbox.app.runner.database.knex;
    const olu = await openAs('olu', 'lucy-oncall');
    await sandbox.story.act('start');
    await olu.getByRole('button', { name: 'I have it' }).first().waitFor(wait);
    await picture('incident-1-alert', olu);
    await olu.getByRole('button', { name: 'I have it' }).first().click();
    await olu.getByText('Has it').first().waitFor(wait);

    await olu.goto(`${sandbox.url}#/olu/incidents`);
    await does(
      olu,
      'incident declare "upgrades arrive late" --severity sev2',
      'Declare the incident',
      'INC-1 is open',
    );
    await say(olu, 'incidents', '/lucy incident update "sofia@firm.com cannot upgrade" --incident INC-1');
    await olu.getByText('is a mail address').first().waitFor(wait);
    await say(
      olu,
      'incidents',
      '/lucy incident update "Upgrades may show up late. We are looking for the cause." --incident INC-1 --components "service=degraded"',
    );
    await olu.getByRole('button', { name: 'Publish', exact: true }).last().waitFor(wait);
    await picture('incident-2-preview', olu);
    await olu.getByRole('button', { name: 'Publish', exact: true }).last().click();
    await olu.getByText('Published: customers read about INC-1').last().waitFor(wait);

    const customer = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const phone = await customer.newPage();
    await phone.goto(`${sandbox.lucyUrl}/status`);
    await phone.getByText('Upgrades may show up late.').waitFor();
    await picture('incident-3-status-390', phone);
    await phone.setViewportSize({ width: 1280, height: 900 });
    await picture('incident-3-status-1280', phone);

    await expect
      .poll(async () => (await sandbox.story.read()).says, wait)
      .toContain('compared with everything here');
    await does(
      olu,
      'reconcile run --reason "webhooks were lost for an hour" --ticket INC-1',
      'Start the reconciliation',
      'reconciliation',
    );
    await does(
      olu,
      'incident resolve INC-1 --reason "webhooks arrive again"',
      'Resolve the incident',
      'INC-1 is resolved',
    );
    await does(
      olu,
      'postmortem write INC-1 --summary "Upgrades came late." --cause "No webhook arrived."',
      'Write it down',
      'says more now',
    );
    await does(olu, 'postmortem file INC-1 --reason "read by the team"', 'File it', 'is filed');
    await say(olu, 'incidents', '/lucy incident postmortem INC-1 --format pdf');
    await olu.getByText('INC-1.pdf').first().waitFor(wait);
    await picture('incident-4-postmortem', olu);
    await phone.reload();
    await phone.getByText('Resolved').first().waitFor();
    await customer.close();

    expect((await sandbox.story.read()).state).toBe('over');
    expect(await knex('incidents')).toMatchObject([{ number: 1, state: 'resolved' }]);
    expect(await knex('stripe_events').where({ source: 'poll' })).not.toEqual([]);
  },
  240_000,
);

test.skipIf(!hasBrowser)(
  'the Stripe tab tells what to do next, and plays it to its end on request',
  async () => {
    const { sandbox, page, picture } = await openSandbox(browser, 'incidents');
    await page.getByRole('button', { name: 'Play it for me' }).click(wait);
    await page.getByText('Lucy notices that webhooks are missing').waitFor(wait);
    await expect.poll(async () => (await sandbox.story.read()).next !== null, wait).toBe(true);
    await picture('story-on');
    await expect.poll(async () => (await sandbox.story.read()).state, { timeout: 150_000 }).toBe('over');
    await page.getByText('It is over.').waitFor(wait);
    await picture('story-over');
    await page.setViewportSize({ width: 390, height: 844 });
    // The side slides away first.
    await page.waitForTimeout(600);
    await picture('story-over-390');
  },
  240_000,
);
