import { createServer } from 'node:http';
import Database from 'better-sqlite3';
import pg from 'pg';
import { isSigned, storeTogether } from './floor-intake.ts';
import { listenAndSay } from './say-port.ts';

/**
 * The floor of the webhook intake: bare node:http, the signature over the raw bytes, and a durable insert that
 * requests of one turn share. Run as: node bench/intake-floor.ts DATABASE_URL SECRET; prints its port.
 */
const [url = '', secret = ''] = process.argv.slice(2);

type Row = [string, string, string | null, number, string, string];
const store = url.startsWith('sqlite:') ? sqliteStore(url.slice('sqlite:'.length)) : await postgresStore(url);
const keep = storeTogether(store);

function sqliteStore(file: string): (rows: Row[]) => undefined {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'create table if not exists events (id text primary key, type text, customer text, received_at integer, header text, payload text)',
  );
  const insert = db.prepare('insert into events values (?, ?, ?, ?, ?, ?) on conflict (id) do nothing');
  return (rows) => {
    db.exec('begin immediate');
    for (const row of rows) insert.run(...row);
    db.exec('commit');
  };
}

async function postgresStore(connectionString: string): Promise<(rows: Row[]) => Promise<void>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(
    'create table if not exists floor_events (id text primary key, type text, customer text, received_at bigint, header text, payload text)',
  );
  const text =
    'insert into floor_events select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[]) on conflict (id) do nothing';
  return async (rows) => {
    const values = [0, 1, 2, 3, 4, 5].map((column) => rows.map((row) => row[column as 0]));
    await client.query({ name: 'store', text, values });
  };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const header = String(request.headers['stripe-signature']);
    if (!isSigned(secret, body, header)) return response.writeHead(400).end();
    const payload = body.toString('utf8');
    const event = JSON.parse(payload);
    const row: Row = [event.id, event.type, event.data.object.customer ?? null, Date.now(), header, payload];
    keep(row, () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"received":true}'));
  });
});

listenAndSay(server);
