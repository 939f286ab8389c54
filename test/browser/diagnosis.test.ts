import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

/** What a person sees when Lucy finds something by herself: real Chromium, real Bolt, the schedule as it runs. */
const hasBrowser = findBrowser('the journey of a detector and a diagnosis in the sandbox (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

/** Two things that go wrong for Sofia: a debt, and a portal that nobody has set up. */
async function goWrong(
  page: Page,
  { sandbox, balance }: Awaited<ReturnType<typeof openSandbox>>,
): Promise<void> {
  const { knex } = sandbox.app.runner.database;
  await page.getByRole('button', { name: /^Sofia upgrades to pro/ }).click();
  await expect.poll(balance, { timeout: 15_000 }).toBe(500);
  const ofSofia = knex('customers').where({ email: 'sofia@firm.com' }).select('id');
  await knex('credit_accounts').whereIn('customer_id', ofSofia).update({ debt: 40 });
}

test.skipIf(!hasBrowser)(
  'a detector tells on-call, “Diagnose” says what to do, and the card is edited when it is well again',
  async () => {
    const opened = await openSandbox(browser, 'support');
    const { sandbox, page, openAs, picture } = opened;
    const olu = await openAs('olu', 'lucy-oncall');
    await goWrong(page, opened);
    const notice = 'The credit balance of sofia@firm.com is negative or stuck: 40 credits are owed';
    await olu.getByText(notice).first().waitFor({ timeout: 40_000 });
    await picture('diagnosis-notice', olu);

    await olu.getByRole('button', { name: 'Diagnose', exact: true }).click();
    await olu.getByText('Looked for and not found:').first().waitFor();
    await picture('diagnosis-answer', olu);
    await say(page, 'support', '/lucy customer diagnose sofia@firm.com');
    await page.getByText('Looked for and not found:').first().waitFor();
    await picture('diagnosis-typed', page);

    await sandbox.app.runner.database.knex('credit_accounts').where('debt', 40).update({ debt: 0 });
    await olu.getByText(`Well again: ${notice}`).first().waitFor({ timeout: 40_000 });
    await picture('diagnosis-well-again', olu);
    expect(sandbox.slack.messages('#lucy-oncall').filter(({ text }) => text.includes(notice))).toHaveLength(
      1,
    );
  },
  120_000,
);
