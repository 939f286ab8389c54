import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import Database from 'better-sqlite3';

/**
 * The floor of the webhook intake: bare node:http, the signature over the raw bytes, and a durable insert that
 * requests of one turn share. Run as: node bench/intake-floor.ts FILE SECRET; prints its port.
 */
const [file = '', secret = ''] = process.argv.slice(2);
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(
  'create table if not exists events (id text primary key, type text, customer text, received_at integer, header text, payload text)',
);
const insert = db.prepare('insert into events values (?, ?, ?, ?, ?, ?) on conflict (id) do nothing');

type Row = [string, string, string | null, number, string, string];
let waiting: { row: Row; done: () => void }[] = [];

function flush(): void {
  const batch = waiting;
  waiting = [];
  db.exec('begin immediate');
  for (const { row } of batch) insert.run(...row);
  db.exec('commit');
  for (const { done } of batch) done();
}

function isSigned(body: Buffer, header: string): boolean {
  const { t = '', v1 = '' } = Object.fromEntries(
    header.split(',').map((part) => part.split('=') as [string, string]),
  );
  const mac = createHmac('sha256', secret).update(`${t}.`).update(body).digest();
  const given = Buffer.from(v1, 'hex');
  return given.length === mac.length && timingSafeEqual(given, mac);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const header = String(request.headers['stripe-signature']);
    if (!isSigned(body, header)) return response.writeHead(400).end();
    const payload = body.toString('utf8');
    const event = JSON.parse(payload);
    if (waiting.length === 0) setImmediate(flush);
    const row: Row = [event.id, event.type, event.data.object.customer ?? null, Date.now(), header, payload];
    waiting.push({
      row,
      done: () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"received":true}'),
    });
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `${JSON.stringify({ msg: 'listening', port: typeof address === 'object' ? address?.port : 0 })}\n`,
  );
});
