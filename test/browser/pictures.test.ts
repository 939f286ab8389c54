import type { Browser } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

const hasBrowser = findBrowser('pictures in the sandbox (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

test.skipIf(!hasBrowser)(
  'the balance over time shows in place, in the direct messages of whoever asked',
  async () => {
    const { page, picture } = await openSandbox(browser, 'support');
    for (const [count, ticket] of [
      [60, 'ZD-1'],
      [25, 'ZD-2'],
    ]) {
      await say(
        page,
        'support',
        `/lucy credits grant sofia@firm.com ${count} --reason "lost upload" --ticket ${ticket}`,
      );
      await page.getByRole('button', { name: `Grant ${count} credits` }).click();
      await page.getByText(`${count} credits granted to sofia@firm.com.`).first().waitFor();
    }

    await say(page, 'support', '/lucy credits show sofia@firm.com');
    await page.getByRole('button', { name: 'Show as a picture' }).first().click();
    await page
      .getByText('The picture credit-balance.png is in your direct messages with me.')
      .first()
      .waitFor();
    await picture('credits-words');
    await page.getByRole('button', { name: /^Lucy/ }).first().click();

    const shown = page.getByRole('img', { name: /^Line chart of the credit balance of sofia@firm.com/ });
    await shown.waitFor();
    await expect.poll(() => shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1600);
    await picture('credits-picture');
  },
);
