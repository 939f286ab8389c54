import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox } from './sandbox-page.ts';

/** A dispute from its first card to the bank: real Chromium, real Bolt, real webhooks. */
const hasBrowser = findBrowser('the journey of a dispute in the sandbox (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

/** Nobody reads a card in less, and Lucy does not believe it either. */
const readCard = (page: Page) => page.waitForTimeout(3_300);

test.skipIf(!hasBrowser)(
  'a dispute opens, Bea contests it, Bo reads the evidence and approves, and the bank has it once',
  async () => {
    const { sandbox, page, openAs, picture } = await openSandbox(browser, 'lucy-billing');
    await page.getByRole('button', { name: /^Dispute opens/ }).click();
    const bea = await openAs('bea', 'lucy-billing');
    await bea
      .getByText(/disputes \$/)
      .first()
      .waitFor();
    await picture('dispute-card', bea);
    await bea.getByRole('button', { name: 'Contest', exact: true }).first().click();
    const dialog = bea.getByRole('dialog').first();
    await dialog.getByLabel('Note to the bank').fill('The reports were delivered at once.');
    await dialog.getByLabel('Reason').fill('the customer used it');
    await picture('dispute-contest-form', bea);
    await dialog.getByRole('button', { name: 'Preview' }).click();
    await dialog
      .getByText(/^.*Contest the dispute/)
      .first()
      .waitFor();
    await picture('dispute-contest-preview', bea);
    await dialog.getByRole('button', { name: 'Ask for approval' }).click();
    await dialog
      .getByText(/Asked in #lucy-approvals/)
      .first()
      .waitFor();

    const bo = await openAs('bo', 'lucy-approvals');
    await bo
      .getByText(/Bea asks: Contest the dispute/)
      .first()
      .waitFor();
    await bo.getByRole('button', { name: 'Read the evidence' }).click();
    await bo.getByText('is in your direct messages with me').first().waitFor();
    await readCard(bo);
    await picture('dispute-contest-card', bo);
    await bo.getByRole('button', { name: /^Approve: Submit the evidence/ }).click();
    await bo.getByRole('button', { name: 'Approve', exact: true }).click();
    await bo
      .getByText(/confirmed by Stripe/)
      .first()
      .waitFor({ timeout: 30_000 });
    await picture('dispute-contest-confirmed', bo);

    await bea
      .getByText(/Our evidence is with the bank/)
      .first()
      .waitFor();
    await picture('dispute-under-review', bea);
    const disputes = sandbox.stripe.world.tables.disputes.newestFirst();
    expect(disputes).toMatchObject([{ status: 'under_review', evidence_details: { submission_count: 1 } }]);
  },
);
