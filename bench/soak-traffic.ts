import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from './child.ts';
import { API_KEY } from './lucy-env.ts';
import { callSlack } from './slack-commands.ts';
import { signedEvent } from './webhooks.ts';

/** One hour of a company with 2,000 customers. */
export const hourly = { webhook: 7_200, spend: 36_000, read: 72_000, command: 720 };

export type Kind = keyof typeof hourly;

/** What each kind of traffic asks once, of the customer with this number. */
export async function trafficTo(server: Server): Promise<Record<Kind, (customer: number) => Promise<void>>> {
  const path = new URL('../test/fixtures/stripe/invoice.paid.json', import.meta.url);
  const paid = await readFile(path, 'utf8');
  const base = `http://127.0.0.1:${server.port}`;
  const headers = { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
  return {
    webhook: (customer) => {
      const signed = signedEvent(paid, { customer: `cus_${customer}`, object: `in_${customer}` });
      return send(`${base}/api/billing/webhook`, { method: 'POST', ...signed });
    },
    spend: (customer) => {
      const body = JSON.stringify({ email: emailOf(customer), amount: 1 });
      const once = { ...headers, 'idempotency-key': randomUUID() };
      return send(`${base}/api/credits/consume`, { method: 'POST', headers: once, body });
    },
    read: (customer) =>
      send(`${base}/api/entitlements?email=${encodeURIComponent(emailOf(customer))}`, { headers }),
    command: async (customer) => void (await callSlack(server, `customer show ${emailOf(customer)}`)),
  };
}

export function emailOf(customer: number): string {
  return `customer-${customer}@firm.com`;
}

async function send(url: string, request: RequestInit): Promise<void> {
  const response = await fetch(url, request);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
}
