import type { Browser } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

/** People at a browser, through the sandbox page: real Chromium, real Bolt, real signatures, real webhooks. */

const hasBrowser = findBrowser('the journeys of people in the sandbox (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await openBrowser();
});

test.skipIf(!hasBrowser)('Sam grants credits by a typed command, and takes them back', async () => {
  const { sandbox, page, balance, picture } = await openSandbox(browser, 'support');
  await say(page, 'support', '/lucy credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812');
  await page.getByText('Grant 100 credits to sofia@firm.com?').first().waitFor();
  await picture('grant-preview');
  expect(await balance()).toBe(0);

  await page.getByRole('button', { name: 'Grant 100 credits' }).click();
  await page.getByText('100 credits granted to sofia@firm.com.').first().waitFor();
  await picture('grant-receipt');
  expect(await balance()).toBe(100);
  await expect
    .poll(
      () =>
        sandbox.slack
          .messages('#lucy-entitlements')
          .filter((message) => message.text.includes('granted to sofia@firm.com by Sam')).length,
      { timeout: 15_000 },
    )
    .toBe(1);

  await page.getByRole('button', { name: 'Undo' }).first().click();
  const dialog = page.getByRole('dialog').first();
  await dialog.waitFor();
  await dialog.getByLabel('Reason').fill('wrong customer');
  await picture('undo-form');
  await dialog
    .getByRole('button', { name: /Preview|Undo|Check/ })
    .last()
    .click();
  await dialog.getByText(/100/).first().waitFor();
  await picture('undo-preview');
  await dialog.getByRole('button').last().click();
  await expect.poll(balance, { timeout: 15_000 }).toBe(0);
  await picture('undo-receipt');
});

test.skipIf(!hasBrowser)('Sam grants by the modal, and a field error keeps what was typed', async () => {
  const { page, balance, picture } = await openSandbox(browser, 'support');
  await say(page, 'support', '/lucy credits grant sofia@firm.com');
  const dialog = page.getByRole('dialog').first();
  await dialog.waitFor();
  expect(await dialog.getByLabel('Customer').inputValue()).toBe('sofia@firm.com');
  await dialog.getByLabel('Credits').fill('1.5');
  await dialog.getByLabel('Reason').fill('lost upload');
  await dialog
    .getByRole('button', { name: /Preview|Check|Grant/ })
    .last()
    .click();
  await dialog.getByRole('alert').first().waitFor();
  expect(await dialog.getByRole('alert').first().textContent()).toContain('no fractions');
  expect(await dialog.getByLabel('Reason').inputValue()).toBe('lost upload');
  await picture('modal-field-error');

  await dialog.getByLabel('Credits').fill('150');
  await dialog
    .getByRole('button', { name: /Preview|Check|Grant/ })
    .last()
    .click();
  await dialog.getByRole('button', { name: 'Grant 150 credits' }).waitFor();
  await picture('modal-preview');
  await dialog.getByRole('button', { name: 'Grant 150 credits' }).click();
  await expect.poll(balance, { timeout: 15_000 }).toBe(150);
  await page.getByText('150 credits granted to sofia@firm.com.').first().waitFor();
  await picture('modal-receipt');
});

test.skipIf(!hasBrowser)(
  'Sofia upgrades at Stripe, and the feed tells of it once though it is delivered 100 times',
  async () => {
    const { sandbox, page, picture } = await openSandbox(browser, 'lucy-entitlements');
    await page.getByRole('button', { name: /^Sofia upgrades to pro/ }).click();
    await page.getByText('sofia@firm.com moved from free to pro.').first().waitFor();
    await page.getByRole('button', { name: /^Deliver the last webhook 100 times/ }).click();
    await page.waitForTimeout(2_000);
    await picture('upgrade-in-feed');

    const told = sandbox.slack
      .messages('#lucy-entitlements')
      .filter((message) => message.text.includes('sofia@firm.com moved'));
    expect(told).toHaveLength(1);
    const changes = await sandbox.app.runner.database
      .knex('entitlement_changes')
      .where({ to_tier: 'pro' })
      .whereIn(
        'customer_id',
        sandbox.app.runner.database.knex('customers').where({ email: 'sofia@firm.com' }).select('id'),
      );
    expect(changes).toHaveLength(1);
  },
);

test.skipIf(!hasBrowser)('Bea replays a webhook and sees what became of it', async () => {
  const { sandbox, page, picture } = await openSandbox(browser, 'lucy-entitlements');
  await page.getByRole('button', { name: /^Sofia upgrades to pro/ }).click();
  await page.getByText('sofia@firm.com moved from free to pro.').first().waitFor();
  const event = sandbox.stripe.lastEvent('invoice.paid').id;
  await page.getByRole('radio', { name: 'Bea (Billing)' }).click();
  await page.getByRole('button', { name: /^lucy-billing/ }).click();

  await say(page, 'lucy-billing', `/lucy webhook replay ${event} --reason "check the credits"`);
  await page.getByRole('button', { name: 'Replay the event' }).click();
  await page.getByText(`${event} (invoice.paid) is being handled again.`).first().waitFor();
  await picture('replay-receipt');
  await page.waitForTimeout(1_500);
  await say(page, 'lucy-billing', `/lucy webhook show ${event}`);
  await page.getByText(`${event} was handled.`).first().waitFor();
  await picture('replay-shown');

  const { knex } = sandbox.app.runner.database;
  const ofSofia = knex('customers').where({ email: 'sofia@firm.com' }).select('id');
  const account = knex('credit_accounts').whereIn('customer_id', ofSofia).select('id');
  expect(await knex('credit_entries').whereIn('account_id', account)).toHaveLength(1);
});

test.skipIf(!hasBrowser)('Sam’s Home keeps his runs, and `customer show` says it all', async () => {
  const { page, picture } = await openSandbox(browser, 'support');
  await say(page, 'support', '/lucy credits grant sofia@firm.com 100 --reason "lost upload" --ticket ZD-812');
  await page.getByRole('button', { name: 'Grant 100 credits' }).click();
  await page.getByText('100 credits granted to sofia@firm.com.').first().waitFor();
  await say(page, 'support', '/lucy customer show sofia@firm.com');
  await page.getByText('sofia@firm.com is on free with 100 credits.').first().waitFor();
  await picture('customer-show');
  await say(page, 'support', '/lucy');
  await page.waitForTimeout(800);
  await picture('menu');
  await page.getByRole('button', { name: 'Lucy', exact: true }).click();
  await page.getByTestId('app-home').getByText('100 credits granted to sofia@firm.com').first().waitFor();
  await picture('app-home');
});

test.skipIf(!hasBrowser)('Gus the guest is refused politely', async () => {
  const { page, balance, picture } = await openSandbox(browser, 'support');
  await page.getByRole('radio', { name: 'Gus (Guest)' }).click();
  await page.waitForTimeout(500);
  const box = page.getByRole('textbox', { name: /^Message / }).first();
  await box.fill('/lucy credits grant sofia@firm.com 100 --reason "please"');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText(/uests/).first().waitFor();
  await picture('guest-refused');
  expect(await balance()).toBe(0);
});
