import { readFile } from 'node:fs/promises';
import type bolt from '@slack/bolt';
import type { Browser, Page } from 'playwright-core';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startPage } from '#sandbox/page/serve-page.ts';
import { startBoth } from '#test/sandbox/slack/bolt-side.ts';
import { FakeStripe } from './world/fake-stripe.ts';
import { hasBrowser, openBrowser } from './world/open-browser.ts';

type Client = bolt.webApi.WebClient;

const text = (...elements: Record<string, unknown>[]) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements }],
});
const says = (words: string) => text({ type: 'text', text: words });
const calls = text(
  { type: 'usergroup', usergroup_id: 'S0BILLING1' },
  { type: 'user', user_id: 'U0OLU00001' },
);
const button = (action: string, label: string, more: Record<string, unknown> = {}) => ({
  type: 'button',
  action_id: action,
  text: { type: 'plain_text', text: label },
  value: 'apr_1',
  ...more,
});
const confirm = {
  title: { type: 'plain_text', text: 'Approve this?' },
  text: { type: 'plain_text', text: 'Refund €49.00 to sofia@firm.com?' },
  confirm: { type: 'plain_text', text: 'Approve' },
  deny: { type: 'plain_text', text: 'Not now' },
  style: 'danger',
};
const card = (title: string, ...buttons: Record<string, unknown>[]) => ({
  channel: 'C0APPROVE1',
  text: title,
  blocks: [says(title), ...(buttons.length > 0 ? [{ type: 'actions', elements: buttons }] : [])],
});

describe.skipIf(!hasBrowser('cards and files in a browser'))('cards and files in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  }, 60_000);

  /** The page before the real local Slack, with a Lucy that acknowledges clicks and remembers them. */
  async function open(hash: string, viewport = { width: 1280, height: 800 }) {
    const { slack, app, close } = await startBoth();
    const clicked: string[] = [];
    app.action(/.*/, async ({ ack, action }) => {
      clicked.push('action_id' in action ? action.action_id : '');
      await ack();
    });
    const page = await startPage({
      slack: slack.clientListener,
      stripe: new FakeStripe().listener,
      wire: [],
      lucyCommands: () => [],
    });
    const tab = await browser.newPage({ viewport });
    tab.setDefaultTimeout(30_000);
    const complaints: string[] = [];
    tab.on('pageerror', (error) => complaints.push(error.message));
    onTestFinished(async () => {
      await tab.close();
      await page.close();
      await close();
    });
    const send = (method: string, args: Record<string, unknown>) => app.client.apiCall(method, args);
    await tab.goto(page.url + hash);
    return { tab, slack, client: app.client, send, clicked, complaints };
  }

  async function post(client: Client, message: Record<string, unknown>): Promise<string> {
    const posted = await client.apiCall('chat.postMessage', message);
    return 'ts' in posted ? String(posted.ts) : '';
  }

  async function upload(client: Client, name: string, content: string, channel: string): Promise<void> {
    const { upload_url: url = '', file_id: id = '' } = await client.files.getUploadURLExternal({
      filename: name,
      length: Buffer.byteLength(content),
    });
    await fetch(url, { method: 'POST', body: content });
    await client.files.completeUploadExternal({ files: [{ id }], channel_id: channel });
  }

  const focusedText = (tab: Page) => tab.evaluate('document.activeElement?.textContent');

  test('a mention is a name, and stands out for those whom it means', async () => {
    const { tab, client } = await open('#/bea/lucy-approvals');
    await post(client, { channel: 'C0APPROVE1', text: 'x', blocks: [calls] });
    const article = tab.getByRole('article');
    await article.getByText('@Billing').waitFor();
    expect(await article.locator('.mention-loud').allTextContents()).toEqual(['@Billing']);
    await tab.getByRole('radio', { name: /Olu/ }).click();
    await article.getByText('@Olu').waitFor();
    expect(await article.locator('.mention-loud').allTextContents()).toEqual(['@Olu']);
  });

  test('what is for the reader is counted, the rest has a dot, and reading ends both', async () => {
    const { tab, client } = await open('#/olu/support');
    await tab.getByRole('textbox', { name: 'Message #support' }).waitFor();
    await post(client, { channel: 'C0APPROVE1', text: 'x', blocks: [calls] });
    await post(client, { channel: 'C0BILLING1', text: 'not for Olu' });
    await post(client, { channel: 'U0OLU00001', text: 'one' });
    await post(client, { channel: 'U0OLU00001', text: 'two' });

    await tab.getByRole('button', { name: 'lucy-approvals 1 unread for you' }).waitFor();
    await tab.getByRole('button', { name: 'lucy-billing unread', exact: true }).waitFor();
    await tab.getByRole('button', { name: 'Lucy 2 unread for you' }).click();
    await tab.getByText('two', { exact: true }).waitFor();
    await tab.getByRole('button', { name: 'Lucy', exact: true }).waitFor();
    await tab.getByRole('tab', { name: 'Home' }).click();
    await post(client, { channel: 'U0OLU00001', text: 'three' });
    await tab.getByRole('tab', { name: 'Messages 1 unread for you' }).click();
    await tab.getByText('three').waitFor();
  });

  test('a card that is edited stays where it is, keeps its thread, and is not marked', async () => {
    const { tab, client, send } = await open('#/bea/lucy-approvals');
    const ts = await post(client, card('Refund €49.00?', button('approve', 'Approve')));
    await post(client, { channel: 'C0APPROVE1', text: 'below it' });
    await post(client, { channel: 'C0APPROVE1', text: 'Reminder', thread_ts: ts });
    await tab.getByRole('button', { name: '1 reply' }).click();
    const thread = tab.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('Reminder').waitFor();

    await send('chat.update', { ...card('Approved by Bea.'), ts });

    await thread.getByText('Approved by Bea.').waitFor();
    const inChannel = tab.getByRole('log', { name: 'Messages in #lucy-approvals' }).getByRole('article');
    expect((await inChannel.allTextContents()).map((words) => words.includes('Approved by Bea.'))).toEqual([
      true,
      false,
    ]);
    expect(await tab.getByText('(edited)').count()).toBe(0);
    expect(await tab.getByRole('button', { name: 'Approve' }).count()).toBe(0);
  });

  test('the focus follows a card through an edit', async () => {
    const { tab, client, send } = await open('#/bea/lucy-approvals');
    const ts = await post(
      client,
      card('Refund €49.00?', button('approve', 'Approve'), button('deny', 'Deny')),
    );
    await tab.getByRole('button', { name: 'Deny' }).focus();

    await send('chat.update', {
      ...card('Still €49.00?', button('deny', 'Deny'), button('more', 'More')),
      ts,
    });
    await tab.getByText('Still €49.00?').waitFor();
    expect(await focusedText(tab)).toBe('Deny');

    await send('chat.update', { ...card('Denied by Bo.'), ts });
    await tab.getByText('Denied by Bo.').waitFor();
    expect(await focusedText(tab)).toContain('Denied by Bo.');
  });

  test('a grave button is asked about and answered by keyboard alone', async () => {
    const { tab, client, clicked, complaints } = await open('#/bea/lucy-approvals');
    await post(client, card('Refund €49.00?', button('approve', 'Approve', { style: 'primary', confirm })));
    const dialog = tab.getByRole('dialog', { name: 'Approve this?' });
    await tab.getByRole('button', { name: 'Approve' }).focus();

    await tab.keyboard.press('Enter');
    await dialog.waitFor();
    await expect.poll(() => focusedText(tab)).toBe('Not now');
    await tab.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => focusedText(tab)).toBe('Approve');

    await tab.keyboard.press('Enter');
    await dialog.waitFor();
    await tab.keyboard.press('Tab');
    expect(clicked).toEqual([]);
    await tab.keyboard.press('Enter');
    await expect.poll(() => clicked).toEqual(['approve']);
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => focusedText(tab)).toBe('Approve');
    expect(complaints).toEqual([]);
  });

  test('a file shows its first lines and comes down as it is', async () => {
    const { tab, client, slack, complaints } = await open('#/sam/app-messages');
    const lines = Array.from({ length: 40 }, (_, line) => `${line},<img src=x onerror=alert(1)>`);
    await upload(client, 'audit-2026-11.csv', lines.join('\n'), slack.as('sam').dmId);

    const file = tab.getByTestId('file');
    await file.getByText('CSV · 1 KB').waitFor();
    const preview = await tab.getByLabel('First lines of audit-2026-11.csv').textContent();
    expect(preview?.split('\n')).toEqual(lines.slice(0, 6));
    expect(await file.locator('img').count()).toBe(0);

    const coming = tab.waitForEvent('download');
    await file.getByRole('link', { name: 'Download audit-2026-11.csv' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe('audit-2026-11.csv');
    expect(await readFile(await download.path(), 'utf8')).toBe(lines.join('\n'));
    expect(complaints).toEqual([]);
  });

  test('another person sees the same channel and thread, and a direct message from its other end', async () => {
    const { tab, client } = await open('#/sam/support');
    const ts = await post(client, card('Refund €49.00?'));
    await post(client, { channel: 'C0APPROVE1', text: 'Reminder', thread_ts: ts });
    await tab.getByRole('button', { name: /^lucy-approvals/ }).click();
    await tab.getByRole('button', { name: '1 reply' }).click();
    await tab.getByRole('complementary', { name: 'Thread' }).getByText('Reminder').waitFor();

    await tab.getByRole('radio', { name: /Bea/ }).click();
    await tab.getByRole('radio', { name: /Bea/, checked: true }).waitFor();
    await tab.getByRole('complementary', { name: 'Thread' }).getByText('Reminder').waitFor();

    await tab.getByRole('button', { name: 'Sam', exact: true }).click();
    await tab.getByRole('textbox', { name: 'Message Sam' }).fill('Is it urgent?');
    await tab.keyboard.press('Enter');
    await tab.getByRole('radio', { name: /Sam/ }).click();
    await tab.getByRole('textbox', { name: 'Message Bea' }).waitFor();
    await tab.getByText('Is it urgent?').waitFor();
  });

  test('arrow keys lead from person to person, and on a phone the menu stays open meanwhile', async () => {
    const { tab } = await open('#/sam/support', { width: 390, height: 844 });
    await tab.getByRole('button', { name: 'Open menu' }).click();
    await tab.getByRole('radio', { name: /Sam/ }).focus();
    await tab.keyboard.press('ArrowRight');
    await tab.getByRole('radio', { name: /Bea/, checked: true }).waitFor();
    await tab.keyboard.press('ArrowRight');
    await tab.getByRole('radio', { name: /Bo /, checked: true }).waitFor();
    expect(await tab.getByRole('button', { name: 'Close menu' }).isVisible()).toBe(true);
  });
});
