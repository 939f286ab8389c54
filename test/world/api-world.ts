import { onTestFinished } from 'vitest';
import { findCustomerByEmail } from '#db/customers.ts';
import { inTransaction } from '#db/transaction.ts';
import { createProductReads } from '#src/checklists/product-reads.ts';
import type { Settings } from '#src/core/settings.ts';
import { type Grant, grantCredits } from '#src/credits/grant.ts';
import { proveLedger } from '#src/credits/prove.ts';
import { readApiKeys } from '#src/http/api/api-key.ts';
import { createApiRoute } from '#src/http/api-route.ts';
import { createHttpServer } from '#src/http/server.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { type BillingWorld, billingWorld } from './billing-world.ts';
import { testCause } from './test-cause.ts';

export const apiKey = 'a-key-of-the-product';

/** The body is read as JSON; `text` is what came, byte for byte. */
export type ApiAnswer = {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it, and fail when it is otherwise.
  json: any;
};

export type ApiWorld = BillingWorld & {
  port: number;
  /** Calls with the product's key, unless the headers say otherwise; a body that is no string is sent as JSON. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiAnswer>;
  post(path: string, body: unknown, key?: string): Promise<ApiAnswer>;
  /** Returns the ledger entry. */
  grant(amount: number, patch?: Partial<Grant>, email?: string): Promise<string>;
  /** What Lucy does by herself when the time has come. */
  timers(): Promise<number>;
  credits(): Promise<{ balance: number; held: number; debt: number; spendable: number }>;
  /** What the product read is written down, as it is every few seconds. */
  flushReads(): Promise<number>;
  /** How many accounts are not what their entries, lots and holds say. */
  unbalanced(): Promise<number>;
  rows(table: string): Promise<Record<string, unknown>[]>;
};

function bytesOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

/** The product's API behind the real HTTP server; sofia@firm.com is there, and has nothing yet. */
export async function apiWorld(
  options: { requestsPerSecond?: number; keys?: string; bounds?: Settings['api']['keys'] } = {},
): Promise<ApiWorld> {
  const settings: Settings = {
    ...sampleSettings,
    api: { requests_per_second: options.requestsPerSecond ?? 100_000, keys: options.bounds ?? {} },
  };
  const world = await billingWorld({ settings });
  const { database, clock, deps } = world;
  const keys = readApiKeys(options.keys ?? `product:${apiKey}`, settings.api.keys);
  const productReads = createProductReads(database, deps.log);
  const handle = createApiRoute({ keys, database, settings, clock, log: deps.log, productReads });
  const server = createHttpServer([{ method: null, path: '/api/', handle }], deps.log);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  const call: ApiWorld['call'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: bytesOf(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) };
  };
  let granted = 0;
  return {
    ...world,
    port,
    call,
    post: (path, body, key) => call('POST', path, body, key === undefined ? {} : { 'idempotency-key': key }),
    async grant(amount, patch = {}, email = 'sofia@firm.com') {
      const customer = await findCustomerByEmail(database.knex, email);
      const source = `grant-${++granted}`;
      const { entry } = await inTransaction(database, (sql) =>
        grantCredits(sql, testCause(clock.now()), {
          customerId: customer?.id ?? '',
          amount,
          key: `test:${source}`,
          sourceKind: 'staff',
          sourceId: source,
          ...patch,
        }),
      );
      return entry.id;
    },
    timers: () => runTimers(deps),
    credits: async () => (await call('GET', '/api/entitlements?email=sofia@firm.com')).json.credits,
    flushReads: () => productReads.flush(),
    unbalanced: () => proveLedger(database.knex, testCause(clock.now())),
    rows: (table) => database.knex(table),
  };
}
