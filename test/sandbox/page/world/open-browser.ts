import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** False without a browser on this machine; then says loudly which tests did not run. */
export function hasBrowser(tests: string): boolean {
  if (existsSync(executablePath)) return true;
  process.stderr.write(
    `\nNOT RUN: ${tests}. No browser at ${executablePath}; install chromium or set CHROMIUM_PATH.\n\n`,
  );
  return false;
}

/** A worker runs many files, and a start of Chromium is as dear as what some of them do with it. */
let shared: Promise<Browser> | undefined;

/** Chromium without a window: one for all files of a worker, which ends it. Every test has pages of its own, and closes them. */
export async function openBrowser(): Promise<Browser> {
  const open = await shared?.catch(() => null);
  if (open?.isConnected()) return open;
  shared = launch();
  return shared;
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
