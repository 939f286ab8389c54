import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BurstStripe, startBurstStripe } from './burst-stripe.ts';
import { type Server, startServer } from './child.ts';
import { lucyEnv } from './lucy-env.ts';
import { startBenchSlack } from './slack-commands.ts';
import { fillForSoak } from './soak-fill.ts';

export function readPaidInvoice(): Promise<string> {
  return readFile(new URL('../test/fixtures/stripe/invoice.paid.json', import.meta.url), 'utf8');
}

/**
 * All of Lucy in one process on a database of so many customers, with a local Slack and a bench Stripe; she ends with the
 * work. What Stripe sells is known, and the product asks as often as it likes.
 *
 * @param more `settings` beside these, Node's own options, and how long Stripe takes for an answer
 */
export async function withLucy<T>(
  { folder, url, customers }: { folder: string; url: string; customers: number },
  more: { settings: object; options: readonly string[]; latencyMs?: number },
  work: (lucy: Server, stripe: BurstStripe) => Promise<T>,
): Promise<T> {
  const { price } = JSON.parse(await readPaidInvoice()).data.object.lines.data[0].pricing.price_details;
  const config = join(folder, 'lucy.config.yml');
  const plans = [{ tier: 'pro', price, credits_per_period: 500 }];
  await writeFile(config, JSON.stringify({ plans, api: { requests_per_second: 10_000 }, ...more.settings }));
  await fillForSoak(url, customers);
  const slack = await startBenchSlack();
  const stripe = await startBurstStripe(customers, more.latencyMs);
  const env = { ...lucyEnv(url, slack.apiUrl, stripe.url), LUCY_CONFIG: config };
  const lucy = await startServer([...more.options, 'src/main.ts'], env);
  try {
    return await work(lucy, stripe);
  } finally {
    await lucy.stop();
    await slack.close();
    await stripe.close();
  }
}
