import type { Browser } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

const hasBrowser = findBrowser('the journey of a failed payment in the sandbox (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

test.skipIf(!hasBrowser)(
  'a payment fails: the customer reads why, and Sam helps with a link and more time',
  async () => {
    const { page, picture } = await openSandbox(browser, 'support');
    await page.getByRole('button', { name: /^Past Due Ltd misses a payment/ }).click();
    await page.getByRole('tab', { name: 'Mailbox' }).click();
    const mail = page.getByTestId('mail').first();
    await mail.getByRole('button', { name: /did not go through/ }).click();

    const shown = page.frameLocator('.mail iframe');
    await shown.getByRole('heading', { name: 'Your payment did not go through' }).waitFor();
    expect(await shown.getByRole('link', { name: 'Open the billing portal' }).count()).toBe(1);
    // Its own styles hold, so it looks as it will in a mail program.
    expect(
      await shown
        .locator('a')
        .first()
        .evaluate((link) => getComputedStyle(link).backgroundColor),
    ).toBe('rgb(74, 21, 75)');
    await picture('mailbox-html');
    await mail.getByRole('button', { name: 'As plain text' }).click();
    await mail.getByText('What you can do:').waitFor();
    await picture('mailbox-text');

    await say(page, 'support', '/lucy payment show billing@pastdue.example');
    await page.getByText('There is not enough money on the card’s account.').first().waitFor();
    await picture('payment-show');
    await page.getByRole('button', { name: 'Portal link' }).click();
    await page.getByText('Here is a billing portal link for billing@pastdue.example.').first().waitFor();
    await say(page, 'support', '/lucy payment mail billing@pastdue.example --preview reminder');
    await page.getByText('as it would read now').first().waitFor();
    await picture('payment-mail');
  },
);
