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

/** Starts Chromium without a window. */
export function openBrowser(): Promise<Browser> {
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
