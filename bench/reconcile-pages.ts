import { createServer } from 'node:http';
import { bareSubscription, createdOf, idOf, indexBefore } from './reconcile-subscription.ts';

/**
 * A Stripe that lists subscriptions as fast as it can, or so many milliseconds after it was asked:
 * `node bench/reconcile-pages.ts COUNT [LATENCY_MS]`. Each is 3 KB, as real ones are, and made from its number, so that a
 * million of them cost no memory.
 */
const [count = 0, latencyMs = 0] = process.argv.slice(2).map(Number);
const ROWS = 100;
const template = bareSubscription();

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/v1/account')
    return response.end(JSON.stringify({ object: 'account', created: createdOf(count) }));
  if (url.pathname !== '/v1/subscriptions')
    return response.end(JSON.stringify({ object: 'list', data: [], has_more: false, url: url.pathname }));
  const gte = Number(url.searchParams.get('created[gte]') ?? 0);
  const lt = Number(url.searchParams.get('created[lt]') ?? Number.MAX_SAFE_INTEGER);
  const after = url.searchParams.get('starting_after');
  const first = Math.max(indexBefore(lt), after === null ? 0 : Number(after.slice(4)) + 1);
  const last = Math.min(count, indexBefore(gte));
  const end = Math.min(first + ROWS, last);
  const rows: string[] = [];
  for (let index = first; index < end; index++) rows.push(render(index));
  const page = `{"object":"list","data":[${rows.join(',')}],"has_more":${end < last},"url":"/v1/subscriptions"}`;
  if (latencyMs === 0) response.end(page);
  else setTimeout(() => response.end(page), latencyMs);
});

function render(index: number): string {
  return template.replaceAll('IDX', idOf(index)).replaceAll('"CREATED"', String(createdOf(index)));
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', port })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
