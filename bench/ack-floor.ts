import { createServer } from 'node:http';
import { App, HTTPReceiver } from '@slack/bolt';
import Database from 'better-sqlite3';
import pg from 'pg';
import { isSigned, storeTogether } from './floor-intake.ts';
import { listenAndSay } from './say-port.ts';

/**
 * The floor of the acknowledgement: a minimal Bolt app whose one command writes one durable row and answers; and, with
 * a third argument, webhooks stored beside it as bench/intake-floor.ts does. Run as:
 * node bench/ack-floor.ts DATABASE_URL SIGNING_SECRET [WEBHOOK_SECRET]; prints its port.
 */
const [url = '', signingSecret = '', webhookSecret = ''] = process.argv.slice(2);

type Event = { payload: string; id: string; at: number };
type Store = { deliver(key: string): unknown; keep(events: Event[]): unknown };
const store = url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length)) : await openPostgres(url);

function openSqlite(file: string): Store {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table if not exists deliveries (key text primary key, received_at integer)');
  db.exec('create table if not exists events (id text primary key, received_at integer, payload text)');
  const insert = db.prepare('insert into deliveries values (?, ?)');
  const keep = db.prepare('insert into events values (?, ?, ?) on conflict (id) do nothing');
  return {
    deliver: (key) => insert.run(key, Date.now()),
    keep(events) {
      db.exec('begin immediate');
      for (const { id, at, payload } of events) keep.run(id, at, payload);
      db.exec('commit');
    },
  };
}

async function openPostgres(connectionString: string): Promise<Store> {
  const pool = new pg.Pool({ connectionString, max: 10 });
  await pool.query('create table floor_deliveries (key text primary key, received_at bigint)');
  await pool.query('create table floor_burst (id text primary key, received_at bigint, payload text)');
  const insert = 'insert into floor_deliveries values ($1, $2)';
  const keep =
    'insert into floor_burst select * from unnest($1::text[], $2::bigint[], $3::text[]) on conflict (id) do nothing';
  return {
    deliver: (key) => pool.query({ name: 'deliver', text: insert, values: [key, Date.now()] }),
    keep: (events) =>
      pool.query({
        name: 'keep',
        text: keep,
        values: [
          events.map(({ id }) => id),
          events.map(({ at }) => at),
          events.map(({ payload }) => payload),
        ],
      }),
  };
}

const receiver = new HTTPReceiver({ signingSecret, endpoints: '/slack/events' });
const app = new App({
  receiver,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B1', botUserId: 'U1' }),
});
app.command('/lucy', async ({ ack, body }) => {
  await store.deliver(body.trigger_id);
  await ack({ response_type: 'ephemeral', text: 'sofia@firm.com is on free with 0 credits.' });
});

const keep = storeTogether((events: Event[]) => store.keep(events));

const server = createServer((request, response) => {
  if (request.url !== '/api/billing/webhook') return receiver.requestListener(request, response);
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    if (!isSigned(webhookSecret, body, String(request.headers['stripe-signature'])))
      return response.writeHead(400).end();
    const payload = body.toString('utf8');
    const event = { id: JSON.parse(payload).id, at: Date.now(), payload };
    keep(event, () => response.writeHead(200).end('{}'));
  });
});
listenAndSay(server);
