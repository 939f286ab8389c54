import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import { readListedSubscription } from '#src/gateways/stripe-read-listed.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listsOf(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return createStripeGateway({ secretKey: 'sk_test_x', apiBase: `http://127.0.0.1:${port}` }).lists;
}

const everything = { from: 0, before: 2_000_000_000_000, after: null };

const fixtures = new URL('../../fixtures/stripe/', import.meta.url);
const subscriptions: unknown[] = readdirSync(fixtures)
  .filter((name) => name.startsWith('customer.subscription.'))
  .map((name) => JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')).data.object);

test.each([undefined, 2])(
  'a page is read from its bytes as from its objects, however it is set (%s)',
  async (indent) => {
    const named = subscriptions.map((row, index) => ({ ...(row as object), description: `№ ${index} "é"` }));
    const text = JSON.stringify({ object: 'list', data: named, has_more: true, url: '/v1/x' }, null, indent);
    let asked = '';
    const lists = await listsOf((request, response) => {
      asked = decodeURIComponent(request.url ?? '');
      response.setHeader('content-type', 'application/json');
      // In pieces that end in the middle of a letter.
      for (const byte of Buffer.from(text).subarray(0, 400)) response.write(Buffer.from([byte]));
      response.end(Buffer.from(text).subarray(400));
    });
    const page = await lists.listSubscriptionPage({ from: 1_000, before: 9_500, after: 'sub_9' });
    expect(page).toEqual({ rows: named.map(readListedSubscription), hasMore: true });
    expect(asked).toBe(
      '/v1/subscriptions?status=all&limit=100&created[gte]=1&created[lt]=10&starting_after=sub_9',
    );
  },
);

test('a page that breaks off, or is none, is Stripe’s trouble and never a short page', async () => {
  const half = JSON.stringify({ data: subscriptions, has_more: false }).slice(0, 900);
  const broken = await listsOf((_request, response) => {
    response.setHeader('content-length', 5_000);
    response.write(half, () => response.destroy());
  });
  await expect(broken.listSubscriptionPage(everything)).rejects.toThrow(StripeAway);
  const ended = await listsOf((_request, response) => response.end(half));
  await expect(ended.listSubscriptionPage(everything)).rejects.toThrow(StripeAway);
  const strange = await listsOf((_request, response) => response.end('{"object":"list"}'));
  await expect(strange.listSubscriptionPage(everything)).rejects.toThrow();
});

test('“too fast” and a place that is gone are told as ever', async () => {
  const refuse = (status: number, error: object) =>
    listsOf((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', 'stripe-should-retry': 'false' });
      response.end(JSON.stringify({ error }));
    });
  const fast = await refuse(429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Slow down' });
  await expect(fast.listSubscriptionPage(everything)).rejects.toMatchObject({ isTooFast: true });
  const gone = await refuse(400, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: 'No such subscription',
  });
  expect(await gone.listSubscriptionPage({ ...everything, after: 'sub_gone' })).toBeNull();
});
