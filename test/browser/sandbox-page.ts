import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { type Sandbox, startSandbox } from '#sandbox/start-sandbox.ts';

/** Where pictures of the journeys go. */
const shots = fileURLToPath(new URL('../../test-results/', import.meta.url));

export type OpenSandbox = {
  sandbox: Sandbox;
  page: Page;
  /** Another window, as somebody else. */
  openAs(handle: string, place: string): Promise<Page>;
  balance(): Promise<number>;
  picture(name: string, of?: Page): Promise<void>;
};

/** The whole sandbox with a browser window at one of its channels, as Sam. */
export async function openSandbox(browser: Browser, place: string): Promise<OpenSandbox> {
  await mkdir(shots, { recursive: true });
  const sandbox = await startSandbox({ logLevel: 'silent', storyTurnMs: 300 });
  onTestFinished(() => sandbox.stop());
  const openAs = async (handle: string, where: string) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(40_000);
    await page.goto(`${sandbox.url}#/${handle}/${where}`);
    return page;
  };
  const page = await openAs('sam', place);
  return {
    sandbox,
    page,
    openAs,
    balance: async () => {
      const { knex } = sandbox.app.runner.database;
      const [account] = await knex('credit_accounts as a')
        .join('customers as c', 'c.id', 'a.customer_id')
        .where('c.email', 'sofia@firm.com')
        .select('a.balance');
      return account?.balance ?? 0;
    },
    picture: async (name, of = page) => void (await of.screenshot({ path: `${shots}${name}.png` })),
  };
}

export async function say(page: Page, channel: string, text: string): Promise<void> {
  const field = page.getByRole('textbox', { name: `Message #${channel}` });
  // The driver types into whatever has the focus, and a dialog that is just closing may take it back.
  for (let tries = 0; tries < 5 && (await field.inputValue()) !== text; tries++) await field.fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}
