import type { Browser } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

const hasBrowser = findBrowser('files that people hand in on the sandbox page (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await openBrowser();
});

function csv(text: string, name = 'may.csv') {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
}

test.skipIf(!hasBrowser)('Sam chooses a file in the form, mends it, and imports it', async () => {
  const { page, balance, picture } = await openSandbox(browser, 'support');
  await say(page, 'support', '/lucy credits import');
  const dialog = page.getByRole('dialog').first();
  await dialog.waitFor();
  const field = dialog.getByLabel('CSV file');
  await field.setInputFiles({ name: 'may.xlsx', mimeType: 'application/zip', buffer: Buffer.from('PK') });
  await dialog.getByText('This kind of file is not taken here').waitFor();

  await field.setInputFiles(csv('email,credits\nsofia@firm.com,lots\n'));
  await dialog.getByText('may.csv').waitFor();
  await dialog.getByLabel('Reason').fill('outage in May');
  await picture('import-form');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByText('Say how many credits: a whole number such as 100.').first().waitFor();
  await picture('import-report');
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  await say(page, 'support', '/lucy credits import');
  await dialog.waitFor();
  await dialog.getByLabel('CSV file').setInputFiles(csv('email,credits\nsofia@firm.com,100\n'));
  await dialog.getByText('may.csv').waitFor();
  await dialog.getByLabel('Reason').fill('outage in May');
  await dialog.getByRole('button', { name: 'Preview' }).click();
  await dialog.getByText('Import 100 credits for 1 customer from may.csv?').first().waitFor();
  await picture('import-preview');
  await dialog.getByRole('button', { name: 'Import 100 credits' }).click();
  await expect.poll(balance, { timeout: 15_000 }).toBe(100);
  await picture('import-receipt');
});

test.skipIf(!hasBrowser)('Sam attaches a file to the channel, and names it in the command', async () => {
  const { page, balance, picture } = await openSandbox(browser, 'support');
  await page.getByLabel('Attach a file').setInputFiles(csv('email,credits\nsofia@firm.com,40\n'));
  const card = page.getByTestId('file').last();
  await card.getByText('may.csv').first().waitFor();
  const facts = await card.getByText(/CSV · \d+ bytes/).textContent();
  const id = facts?.split(' · ').at(-1);

  await say(page, 'support', `/lucy credits import ${id} --reason "outage in May"`);
  await page.getByText('Import 40 credits for 1 customer from may.csv?').first().waitFor();
  await picture('import-from-channel');
  await page.getByRole('button', { name: 'Import 40 credits' }).click();

  await expect.poll(balance, { timeout: 15_000 }).toBe(40);
});
