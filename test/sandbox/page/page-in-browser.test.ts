import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FakeWorld, startFakeWorld } from './world/fake-world.ts';
import { hasBrowser, openBrowser } from './world/open-browser.ts';
import { playLucy } from './world/react.ts';

describe.skipIf(!hasBrowser('the sandbox page in a browser'))('the page in a browser', () => {
  let browser: Browser;
  let world: FakeWorld;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);
  beforeEach(async () => {
    world = await startFakeWorld();
    playLucy(world.slack);
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  });
  afterEach(async () => {
    await page.close();
    await world.close();
  });

  const open = (hash: string) => page.goto(world.url + hash);
  const composer = (name: string) => page.getByRole('textbox', { name });
  const messages = () => page.getByRole('article');

  test('a command gives a private preview, and its button is told to Lucy', async () => {
    await open('#/sam/support');
    await composer('Message #support').fill('/lucy credits grant sofia@firm.com 100');
    await page.keyboard.press('Enter');
    const card = messages().filter({ hasText: 'Grant 100 credits to sofia@firm.com' });
    await card.getByText('Only visible to you').waitFor();
    await card.getByRole('button', { name: 'Grant 100 credits' }).click();
    await page.getByText('100 credits granted.').waitFor();
    expect(world.slack.acts.at(-1)).toMatchObject({
      as: 'U0SAM00001',
      kind: 'click',
      blockId: 'decision',
      actionId: 'confirm',
      value: { type: 'button', value: 'run-1' },
    });
    expect(await composer('Message #support').inputValue()).toBe('');
    expect(complaints).toEqual([]);
  });

  test('completion leads from a slash to a whole command by keyboard', async () => {
    await open('#/sam/support');
    await composer('Message #support').pressSequentially('/lu');
    await page.keyboard.press('Tab');
    await page.keyboard.type('credits g');
    await page.getByRole('option', { name: /credits grant/ }).waitFor();
    await page.keyboard.press('Tab');
    expect(await composer('Message #support').inputValue()).toBe('/lucy credits grant ');
  });

  test('a refused text comes back with the reason', async () => {
    await open('#/sam/support');
    await composer('Message #support').fill('/nonsense');
    await page.keyboard.press('Enter');
    await page.getByText('/nonsense is not a command here.').waitFor();
    expect(await composer('Message #support').inputValue()).toBe('/nonsense');
  });

  test('a modal keeps its input through errors and a pushed view', async () => {
    await open('#/sam/support');
    await composer('Message #support').fill('/lucy refund');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Request a refund' });
    await dialog.getByRole('button', { name: 'Preview refund' }).click();
    expect(await dialog.getByText('Please complete this required field.').count()).toBe(4);
    expect(world.slack.acts.some((act) => act.kind === 'submit')).toBe(false);

    await dialog.getByRole('combobox', { name: 'Customer' }).fill('so');
    await dialog.getByRole('option', { name: 'Sofia Marin' }).click();
    await dialog.getByLabel('Amount in euros').fill('490');
    await dialog.getByLabel('Charged twice').check();
    await dialog.getByLabel('Reason').fill('charged twice');
    await dialog.getByRole('button', { name: 'Preview refund' }).click();
    await dialog.getByText('Only €49.00 of this payment can still be refunded.').waitFor();
    expect(await dialog.getByLabel('Reason').inputValue()).toBe('charged twice');

    await dialog.getByLabel('Amount in euros').fill('49');
    await dialog.getByRole('button', { name: 'Preview refund' }).click();
    const pushed = page.getByRole('dialog', { name: 'Check the refund' });
    await pushed.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor();
    expect(await dialog.getByLabel('Amount in euros').inputValue()).toBe('49');
    expect(world.slack.acts.filter((act) => act.kind === 'submit').at(-1)).toMatchObject({
      state: {
        customer: { value: { selected_option: { value: 'Sofia Marin' } } },
        email: { value: { value: 'sofia@firm.com' } },
        cause: { value: { selected_option: { value: 'twice' } } },
      },
    });
    expect(complaints).toEqual([]);
  });

  test('a dangerous button asks first', async () => {
    await open('#/bea/lucy-approvals');
    await page.getByRole('button', { name: 'Approve refund' }).click();
    await page
      .getByRole('dialog', { name: 'Refund €49.00?' })
      .getByRole('button', { name: 'Not now' })
      .click();
    expect(world.slack.acts).toEqual([]);
    await page.getByRole('button', { name: 'Approve refund' }).click();
    await page.getByRole('button', { name: 'Refund €49.00' }).click();
    await expect.poll(() => world.slack.acts.at(-1)).toMatchObject({ actionId: 'approve', as: 'U0BEA00001' });
  });

  test('selects and pickers report in Slack’s shapes', async () => {
    await open('#/olu/lucy-oncall');
    await page.getByRole('combobox', { name: 'Choose severity' }).selectOption({ label: 'Two' });
    await expect
      .poll(() => world.slack.acts.at(-1))
      .toMatchObject({
        blockId: 'pick',
        actionId: 'severity',
        value: { type: 'static_select', selected_option: { value: 'two' } },
      });
    await page.getByRole('combobox', { name: 'Commander' }).selectOption({ label: 'Bea (Billing)' });
    await expect
      .poll(() => world.slack.acts.at(-1))
      .toMatchObject({ value: { selected_user: 'U0BEA00001' } });
    await page.getByLabel('Two').check();
    await expect
      .poll(() => world.slack.acts.at(-1))
      .toMatchObject({
        value: { type: 'checkboxes', selected_options: [{ value: 'one' }, { value: 'two' }] },
        state: {
          pick: { severity: { selected_option: { value: 'two' } } },
          row: { who: { selected_user: 'U0BEA00001' } },
        },
      });
  });

  test('a thread opens, and its replies go there', async () => {
    await open('#/sam/support');
    await page.getByRole('button', { name: '2 replies' }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('textbox', { name: 'Reply to thread' }).fill('Done.');
    await page.keyboard.press('Enter');
    await thread.getByText('Done.').waitFor();
    expect(world.slack.acts.at(-1)).toMatchObject({
      kind: 'say',
      text: 'Done.',
      threadTs: expect.any(String),
    });
  });

  test('another person sees their own page, and drafts stay with their writer', async () => {
    await open('#/sam/support');
    await composer('Message #support').fill('half a sentence');
    await page.getByRole('radio', { name: 'Bea (Billing)' }).click();
    await page.getByRole('radio', { name: 'Bea (Billing)', checked: true }).waitFor();
    expect(await composer('Message #support').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Lucy', exact: true }).click();
    await page.getByText('Good afternoon, Bea').waitFor();
    await expect.poll(() => world.slack.acts.at(-1)).toEqual({ as: 'U0BEA00001', kind: 'open-home' });
    await page.getByRole('radio', { name: 'Sam (Support)' }).click();
    await page.getByRole('button', { name: 'support', exact: true }).click();
    expect(await composer('Message #support').inputValue()).toBe('half a sentence');
  });

  test('a message that comes in is shown and marked unread elsewhere', async () => {
    await open('#/sam/support');
    await messages().first().waitFor();
    world.slack.say('C0INCIDEN1', 'U0LUCYBOT1', 'Checkout is down');
    await page.getByRole('button', { name: /incidents.*unread/ }).click();
    await messages().filter({ hasText: 'Checkout is down' }).waitFor();
  });

  test('foreign text cannot become markup', async () => {
    await open('#/bea/lucy-entitlements');
    await messages().nth(1).waitFor();
    expect(await page.locator('article img, article script, article a').count()).toBe(0);
    await page.getByRole('button', { name: /<img/ }).click();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test('Stripe: a scenario runs, an event is delivered again', async () => {
    await open('#/sam/support');
    await page.getByRole('button', { name: /Sofia upgrades/ }).click();
    await page.getByText('Sofia is on Pro now.').waitFor();
    const failed = page.getByTestId('stripe-event').filter({ hasText: 'invoice.payment_failed' });
    await failed.getByRole('button', { name: 'Deliver again' }).click();
    await expect
      .poll(() => world.stripe.posts)
      .toEqual([
        { path: '/stripe/scenario', body: { scenario: 'upgrade' } },
        { path: '/stripe/deliver', body: { event: 'evt_2' } },
      ]);
  });

  test('the wire fills while one watches, and opens', async () => {
    await open('#/sam/support');
    await page.getByRole('tab', { name: 'Wire' }).click();
    world.slackWire.cross({ from: 'lucy', to: 'slack', label: 'views.open', response: '{"ok":true}' });
    await page.getByRole('button', { name: /views\.open/ }).click();
    await page.getByText('"ok": true').waitFor();
  });

  test('seven windows do not starve each other of connections', async () => {
    const context = await browser.newContext();
    const pages = await Promise.all(Array.from({ length: 7 }, () => context.newPage()));
    for (const one of pages) await one.goto(`${world.url}#/sam/support`);
    world.slack.say('C0SUPPORT1', 'U0LUCYBOT1', 'Heard everywhere');
    for (const one of pages) await one.getByText('Heard everywhere').waitFor({ timeout: 30_000 });
    await context.close();
  }, 30_000);

  test('a sandbox that goes away is noticed, and its return too', async () => {
    await open('#/sam/support');
    await messages().first().waitFor();
    const port = Number(new URL(world.url).port);
    await world.close();
    await page.getByText('The sandbox does not answer.').waitFor({ timeout: 30_000 });
    world = await startFakeWorld(port);
    world.slack.say('C0SUPPORT1', 'U0LUCYBOT1', 'Back again');
    await page.getByText('Back again').waitFor({ timeout: 30_000 });
    await page.getByText('The sandbox does not answer.').waitFor({ state: 'hidden' });
  }, 30_000);

  test('it can be read on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open('#/sam/support');
    await messages().first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.getByRole('button', { name: 'Open menu' }).click();
    await page.getByRole('button', { name: 'lucy-approvals' }).click();
    await composer('Message #lucy-approvals').waitFor();
  });
});
