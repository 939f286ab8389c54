import type { Browser, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import type { Sandbox } from '#sandbox/start-sandbox.ts';
import { hasBrowser as findBrowser, openBrowser } from '#test/sandbox/page/world/open-browser.ts';
import { openSandbox, say } from './sandbox-page.ts';

/** What two people do together, each in a window of their own: real Chromium, real Bolt, real webhooks. */
const hasBrowser = findBrowser('the journeys of approvals in the sandbox (test/browser)');
let browser: Browser;

beforeAll(async () => {
  if (hasBrowser) browser = await openBrowser();
});

/** Nobody reads a card in less, and Lucy does not believe it either. */
const readCard = (page: Page) => page.waitForTimeout(3_300);

/** At Stripe, and told by Lucy. */
async function upgradeSofia(page: Page, sandbox: Sandbox): Promise<void> {
  await page.getByRole('button', { name: /^Sofia upgrades to pro/ }).click();
  const isTold = () =>
    sandbox.slack
      .messages('#lucy-entitlements')
      .some((message) => message.text.includes('sofia@firm.com moved from free to pro'));
  await expect.poll(isTold, { timeout: 15_000 }).toBe(true);
}

async function askForGrant(page: Page): Promise<void> {
  await say(
    page,
    'support',
    '/lucy credits grant sofia@firm.com 900 --reason "outage in May" --ticket ZD-900',
  );
  await page.getByRole('button', { name: 'Ask for approval' }).click();
  await page.getByText('Asked in #lucy-approvals: Grant 900 credits to sofia@firm.com.').first().waitFor();
}

test.skipIf(!hasBrowser)(
  'a refund by two people: asked by Sam, approved by Bea, confirmed by Stripe',
  async () => {
    const { sandbox, page, openAs, picture } = await openSandbox(browser, 'support');
    await upgradeSofia(page, sandbox);
    await page.getByRole('button', { name: /^Sofia renews/ }).click();
    const balance = async () =>
      (await sandbox.app.runner.database.knex('credit_accounts').max({ most: 'balance' }).first())?.most;
    await expect.poll(balance, { timeout: 15_000 }).toBe(1_000);
    const line = '/lucy refund request sofia@firm.com --reason "charged twice" --ticket ZD-812';
    await say(page, 'support', line);
    const choices = page.getByRole('button', { name: /^Refund \$49\.00/ });
    await choices.first().waitFor();
    expect(await choices.count()).toBe(2);
    await picture('refund-choice');
    await choices.first().click();
    await page.getByRole('button', { name: 'Ask for approval' }).waitFor();
    await picture('refund-preview');
    await page.getByRole('button', { name: 'Ask for approval' }).click();
    await page
      .getByText(/^.*Asked in #lucy-approvals: Refund/)
      .first()
      .waitFor();
    await picture('refund-asked');

    const bea = await openAs('bea', 'lucy-approvals');
    await bea
      .getByText(/Sam asks: Refund/)
      .first()
      .waitFor();
    await readCard(bea);
    await picture('refund-card', bea);
    await bea.getByRole('button', { name: /^Approve: Refund/ }).click();
    await bea.getByText('Approve this?').waitFor();
    await picture('refund-are-you-sure', bea);
    await bea.getByRole('button', { name: 'Approve', exact: true }).click();
    await bea
      .getByText(/confirmed by Stripe/)
      .first()
      .waitFor({ timeout: 30_000 });
    await picture('refund-confirmed', bea);

    const refunds = sandbox.stripe.requests.filter(
      (request) => request.method === 'POST' && request.path === '/v1/refunds',
    );
    expect(refunds).toHaveLength(1);
    await expect.poll(balance, { timeout: 15_000 }).toBe(500);
  },
);

test.skipIf(!hasBrowser)('denied with a reason, and Sam reads it in his direct messages', async () => {
  const { page, openAs, picture, balance } = await openSandbox(browser, 'support');
  await askForGrant(page);
  const bea = await openAs('bea', 'lucy-approvals');
  await bea.getByRole('button', { name: 'Deny …' }).click();
  const dialog = bea.getByRole('dialog').first();
  await dialog.getByLabel('Reason').fill('the outage did not touch them');
  await picture('deny-form', bea);
  await dialog.getByRole('button', { name: 'Deny', exact: true }).click();
  await dialog.getByText('Denied, and Sam is told why').first().waitFor();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  await bea
    .getByText(/Bea denied this/)
    .first()
    .waitFor();
  await picture('denied-card', bea);

  await page.getByRole('button', { name: /^Lucy/ }).first().click();
  await page.getByRole('tab', { name: 'Messages' }).click();
  await page.getByText('the outage did not touch them').first().waitFor();
  await picture('denied-told');
  expect(await balance()).toBe(0);
});

test.skipIf(!hasBrowser)('two approvers at once: one wins, the other is told who', async () => {
  const { page, openAs, picture, balance } = await openSandbox(browser, 'support');
  await askForGrant(page);
  const [bea, bo] = await Promise.all([openAs('bea', 'lucy-approvals'), openAs('bo', 'lucy-approvals')]);
  await Promise.all([bea, bo].map((one) => one.getByRole('button', { name: /^Approve: Grant/ }).waitFor()));
  await readCard(bea);

  await Promise.all([bea, bo].map((one) => one.getByRole('button', { name: /^Approve: Grant/ }).click()));

  const told = (one: Page) => one.getByText(/Approved\. 900 credits granted|B(ea|o) approved this /).first();
  await Promise.all([told(bea).waitFor(), told(bo).waitFor()]);
  const texts = await Promise.all([bea, bo].map((one) => told(one).textContent()));
  expect(texts.filter((text) => text?.includes('Approved. 900'))).toHaveLength(1);
  await picture('two-at-once-bea', bea);
  await picture('two-at-once-bo', bo);
  expect(await balance()).toBe(900);
});

test.skipIf(!hasBrowser)('the card that went stale asks anew, and shows the difference', async () => {
  const { page, openAs, picture, sandbox } = await openSandbox(browser, 'support');
  await say(
    page,
    'support',
    '/lucy tier set sofia@firm.com enterprise --until 7d --reason "signed on paper"',
  );
  await page.getByRole('button', { name: 'Ask for approval' }).click();
  const bea = await openAs('bea', 'lucy-approvals');
  await bea.getByText('free → enterprise').first().waitFor();
  await upgradeSofia(page, sandbox);
  await readCard(bea);

  await bea.getByRole('button', { name: /^Approve: Set to enterprise/ }).click();
  await bea.getByText('Something changed since this was asked, so nothing was done').first().waitFor();
  await bea.getByText('pro → enterprise').first().waitFor();
  await bea.waitForTimeout(1_500);
  await picture('stale-card', bea);

  await readCard(bea);
  await bea.getByRole('button', { name: /^Approve: Set to enterprise/ }).click();
  await bea
    .getByText(/set to enterprise .* Approved by Bea/)
    .first()
    .waitFor();
  await picture('stale-card-approved', bea);
});

test.skipIf(!hasBrowser)('an over-limit grant, approved from Home', async () => {
  const { page, openAs, picture, balance } = await openSandbox(browser, 'support');
  await askForGrant(page);
  await picture('over-limit-asked');
  const bea = await openAs('bea', 'home');
  const home = bea.getByTestId('app-home');
  await bea.getByRole('button', { name: 'Lucy', exact: true }).click();
  await home.getByText('Grant 900 credits to sofia@firm.com?').waitFor();
  await readCard(bea);
  await picture('home-waiting', bea);
  await home.getByRole('button', { name: /^Approve: Grant 900/ }).click();
  await bea.getByRole('dialog').getByText('Approved. 900 credits granted').first().waitFor();
  await picture('home-approved', bea);

  expect(await balance()).toBe(900);
  await page.getByRole('button', { name: /^Lucy/ }).first().click();
  await page.getByText('Bea approved it: 900 credits granted').first().waitFor();
  await picture('approved-told');
  await page.getByRole('tab', { name: 'Home' }).click();
  await page.getByTestId('app-home').getByText('Bea approved this').first().waitFor();
  await picture('home-of-sam');
});
