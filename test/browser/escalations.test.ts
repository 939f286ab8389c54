import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

/** Handing a case over, and closing it: real Chromium, real Bolt. */
const hasBrowser = findBrowser('the journeys of escalations and runbooks in the sandbox (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

/** One’s own messages with Lucy. */
async function openMessages(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Lucy/ }).first().click();
  await page.getByRole('tab', { name: 'Messages' }).click();
}

async function grant(page: Page): Promise<void> {
  await say(page, 'support', '/lucy credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812');
  await page.getByRole('button', { name: 'Grant 100 credits' }).click();
  await page.getByText('100 credits granted to sofia@firm.com').first().waitFor();
}

test.skipIf(!hasBrowser)(
  'Sam hands a case over with a form, Olu takes it with one click, and Sam reads who',
  async () => {
    const { page, openAs, picture } = await openSandbox(browser, 'support');
    await grant(page);
    await say(page, 'support', '/lucy escalate');
    const form = page.getByRole('dialog').first();
    await form.getByText('Team').first().waitFor();
    await picture('escalate-form');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await say(
      page,
      'support',
      '/lucy escalate data_platform sofia@firm.com --about "the balance is stuck" --ticket ZD-812',
    );
    await page.getByRole('button', { name: 'Escalate to Data platform' }).waitFor();
    await picture('escalate-preview');
    await page.getByRole('button', { name: 'Escalate to Data platform' }).click();
    await page.getByText('Handed to Data platform in #lucy-oncall').first().waitFor();

    const olu = await openAs('olu', 'lucy-oncall');
    await olu.getByText('Sam asks Data platform to look at').first().waitFor();
    await picture('escalation-card', olu);
    await olu.getByRole('button', { name: 'I take it', exact: true }).click();
    await olu.getByText('Olu has “the balance is stuck”').first().waitFor({ timeout: 15_000 });
    await picture('escalation-taken', olu);

    await openMessages(page);
    await page.getByText('Olu has it now').first().waitFor({ timeout: 15_000 });
    await picture('escalation-told');
  },
);

test.skipIf(!hasBrowser)(
  'the check list of a fix: started from the receipt, ticked where one reads it',
  async () => {
    const { page, picture, sandbox } = await openSandbox(browser, 'support');
    await grant(page);
    await page.getByRole('button', { name: 'Check list' }).click();
    await page.getByText('Started “Post-resolution checklist”').first().waitFor();
    await openMessages(page);
    await page.getByText('1 of 3 steps done').first().waitFor({ timeout: 15_000 });
    await picture('checklist-started');
    await page.getByRole('button', { name: '✓ 2' }).click();
    await page.getByText('2 of 3 steps done').first().waitFor({ timeout: 15_000 });
    await picture('checklist-ticked');

    const steps = await sandbox.app.runner.database.knex('runbook_steps').orderBy('seq');
    expect(steps.map((step) => step.ticked_name)).toEqual([null, 'Sam', 'Lucy']);
  },
);

test.skipIf(!hasBrowser)(
  'a runbook reads well, and so do its list and what is started in a channel',
  async () => {
    const { page, picture, openAs } = await openSandbox(browser, 'support');
    await say(page, 'support', '/lucy runbook show stripe-reconciliation sofia@firm.com --ticket ZD-812');
    await page.getByText('staging cannot mend production').first().waitFor();
    await picture('runbook-shown');
    await say(page, 'support', '/lucy runbook list');
    await page.getByText('There are 14 runbooks').first().waitFor();
    await picture('runbook-list');
    await say(page, 'support', '/lucy runbook start downtime --channel incidents');
    // The runbook that was shown has a button of that name as well.
    await page.getByText('Start “Downtime response”').last().waitFor();
    await page.getByRole('button', { name: 'Start it', exact: true }).last().click();
    await page.getByText('it stands in #incidents').first().waitFor();
    const olu = await openAs('olu', 'incidents');
    await olu.getByText('0 of 5 steps done').first().waitFor({ timeout: 15_000 });
    await picture('runbook-started', olu);
  },
);
