import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';

/**
 * stripe-sync-engine behind bare node:http: an event is applied from its payload before it is answered. Run as:
 * node bench/apply-server-peer.ts DATABASE_URL SECRET; prints its port. Installed apart, see bench/README.md.
 */
type Peer = {
  StripeSync: new (config: object) => { processWebhook(body: Buffer, signature: string): Promise<void> };
  runMigrations(config: object): Promise<void>;
};

const [url = '', secret = ''] = process.argv.slice(2);
const load = createRequire(new URL('./peers/package.json', import.meta.url));
const { StripeSync, runMigrations } = load('@supabase/stripe-sync-engine') as Peer;
await runMigrations({ databaseUrl: url, schema: 'stripe' });
const sync = new StripeSync({
  poolConfig: { connectionString: url, max: 10, keepAlive: true },
  schema: 'stripe',
  stripeSecretKey: 'sk_test_bench',
  stripeWebhookSecret: secret,
  autoExpandLists: false,
  backfillRelatedEntities: false,
});
const server = createServer(async (request, response) => {
  if (request.method === 'GET') return void response.end('0');
  try {
    await sync.processWebhook(await bodyOf(request), String(request.headers['stripe-signature']));
    response.end();
  } catch (error) {
    response.statusCode = 400;
    response.end(String(error));
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `${JSON.stringify({ msg: 'listening', port: typeof address === 'object' ? address?.port : 0 })}\n`,
  );
});

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
