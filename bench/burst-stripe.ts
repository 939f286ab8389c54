import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stripe's answers about a crowd of customers who renewed, each with one subscription and one paid invoice. */
export type BurstStripe = { url: string; calls(): number; forget(): void; close(): Promise<void> };

/** docs.stripe.com/rate-limits: of one endpoint. Who comes too early waits for the next place instead of getting a 429. */
export const PER_SECOND = 25;

/** A bare server: real answers in size and shape, a fixed latency, and a budget for each endpoint. */
export async function startBurstStripe(customers: number, latencyMs = 20): Promise<BurstStripe> {
  const subscription = await fixture('customer.subscription.updated');
  const invoice = await fixture('invoice.paid');
  const places = new Map<string, number>();
  let calls = 0;

  const subscriptionOf = (at: number) => ({
    ...subscription,
    id: `sub_${at}`,
    customer: `cus_${at}`,
    created: createdAt(at),
    status: 'active',
    cancel_at: null,
    schedule: null,
    latest_invoice: `in_${at}`,
  });
  const invoiceOf = (at: number) => ({
    ...invoice,
    id: `in_${at}`,
    customer: `cus_${at}`,
    created: createdAt(at),
    status: 'paid',
    payments: {
      object: 'list',
      has_more: false,
      data: [
        {
          id: `inpay_${at}`,
          object: 'invoice_payment',
          status: 'paid',
          is_default: true,
          payment: { type: 'payment_intent', payment_intent: `pi_${at}` },
        },
      ],
    },
  });

  function answer(path: string, query: URLSearchParams): object {
    if (path.startsWith('/v1/invoices/')) return invoiceOf(Number(path.split('_').at(-1)));
    if (path.startsWith('/v1/prices/')) return { ...priceOf(subscription), object: 'price' };
    const customer = query.get('customer');
    // Whatever else is asked for, such as missed events, there is none of.
    if (path !== '/v1/invoices' && path !== '/v1/subscriptions') return list([], false);
    const make = path === '/v1/invoices' ? invoiceOf : subscriptionOf;
    if (customer !== null) return list([make(Number(customer.slice('cus_'.length)))], false);
    const after = query.get('starting_after');
    const until = Number(query.get('created[lte]') ?? Number.POSITIVE_INFINITY);
    // Newest first: the highest number is the newest.
    let at = after === null ? customers - 1 : Number(after.split('_').at(-1)) - 1;
    while (at >= 0 && createdAt(at) > until) at--;
    const page = Array.from({ length: Math.min(100, at + 1) }, (_none, index) => make(at - index));
    return list(page, at + 1 > 100);
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stripe');
    const endpoint =
      url.pathname.split('/').slice(0, 3).join('/') + (url.pathname.split('/').length > 3 ? '/:id' : '');
    calls++;
    const now = performance.now();
    const place = Math.max(now, places.get(endpoint) ?? 0);
    places.set(endpoint, place + 1000 / PER_SECOND);
    setTimeout(() => send(response, answer(url.pathname, url.searchParams)), place - now + latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    forget() {
      calls = 0;
      places.clear();
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Renewals come spread over an hour. */
export function createdAt(at: number): number {
  return 1_793_491_200 + Math.floor(at / 28);
}

async function fixture(name: string): Promise<Record<string, unknown>> {
  const path = new URL(`../test/fixtures/stripe/${name}.json`, import.meta.url);
  return JSON.parse(await readFile(path, 'utf8')).data.object;
}

function priceOf(subscription: Record<string, unknown>): object {
  return (subscription.items as { data: { price: object }[] }).data[0]?.price ?? {};
}

function list(data: object[], hasMore: boolean): object {
  return { object: 'list', url: '/v1', data, has_more: hasMore };
}

function send(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
