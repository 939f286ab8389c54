import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { App, HTTPReceiver } from '@slack/bolt';
import Database from 'better-sqlite3';

/**
 * The floor of the acknowledgement: a minimal Bolt app whose one command writes one durable row and answers; and, with
 * a third argument, webhooks stored beside it as bench/intake-floor.ts does. Run as:
 * node bench/ack-floor.ts FILE SIGNING_SECRET [WEBHOOK_SECRET]; prints its port.
 */
const [file = '', signingSecret = '', webhookSecret = ''] = process.argv.slice(2);
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('create table if not exists deliveries (key text primary key, received_at integer)');
db.exec('create table if not exists events (id text primary key, received_at integer, payload text)');
const insert = db.prepare('insert into deliveries values (?, ?)');
const store = db.prepare('insert into events values (?, ?, ?) on conflict (id) do nothing');

const receiver = new HTTPReceiver({ signingSecret, endpoints: '/slack/events' });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B1', botUserId: 'U1' }),
});
app.command('/lucy', async ({ ack, body }) => {
  insert.run(body.trigger_id, Date.now());
  await ack({ response_type: 'ephemeral', text: 'sofia@firm.com is on free with 0 credits.' });
});

let waiting: { payload: string; done: () => void }[] = [];

function flush(): void {
  const batch = waiting;
  waiting = [];
  db.exec('begin immediate');
  for (const { payload } of batch) store.run(JSON.parse(payload).id, Date.now(), payload);
  db.exec('commit');
  for (const { done } of batch) done();
}

const server = createServer((request, response) => {
  if (request.url !== '/api/billing/webhook') return receiver.requestListener(request, response);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const { t = '', v1 = '' } = Object.fromEntries(
      String(request.headers['stripe-signature'])
        .split(',')
        .map((part) => part.split('=') as [string, string]),
    );
    const mac = createHmac('sha256', webhookSecret).update(`${t}.`).update(body).digest();
    const given = Buffer.from(v1, 'hex');
    if (given.length !== mac.length || !timingSafeEqual(given, mac)) return response.writeHead(400).end();
    if (waiting.length === 0) setImmediate(flush);
    waiting.push({ payload: body.toString('utf8'), done: () => response.writeHead(200).end('{}') });
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `${JSON.stringify({ msg: 'listening', port: typeof address === 'object' ? address?.port : 0 })}\n`,
  );
});
