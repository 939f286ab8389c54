import { createServer } from 'node:http';
import Database from 'better-sqlite3';
import pg from 'pg';
import { listenAndSay } from './say-port.ts';

/**
 * The floor of the entitlement read: bare node:http and one indexed, prepared select of a row that has it all. Run as:
 * node bench/entitlements-floor.ts DATABASE_URL CUSTOMERS; prints its port.
 */
const [url = '', customers = '0'] = process.argv.slice(2);

type Read = (email: string) => unknown;
const read = url.startsWith('sqlite:') ? sqliteRead(url.slice('sqlite:'.length)) : await postgresRead(url);

function sqliteRead(file: string): Read {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.exec('create table rights (email text primary key, tier text, access text, balance integer)');
  const insert = db.prepare("insert into rights values (?, 'pro', 'full', 100)");
  db.transaction(() => {
    for (let number = 0; number < Number(customers); number++) insert.run(`customer-${number}@firm.com`);
  })();
  const select = db.prepare('select * from rights where email = ?');
  return (email) => select.get(email);
}

async function postgresRead(connectionString: string): Promise<Read> {
  const pool = new pg.Pool({ connectionString, max: 10 });
  await pool.query(
    'create table floor_rights (email text primary key, tier text, access text, balance bigint)',
  );
  await pool.query(
    "insert into floor_rights select 'customer-' || n || '@firm.com', 'pro', 'full', 100 from generate_series(0, $1::int - 1) n",
    [customers],
  );
  const text = 'select * from floor_rights where email = $1';
  return async (email) => (await pool.query({ name: 'read', text, values: [email] })).rows[0];
}

const server = createServer(async (request, response) => {
  const email = new URL(request.url ?? '/', 'http://floor').searchParams.get('email') ?? '';
  const text = JSON.stringify(await read(email));
  response.writeHead(200, { 'content-type': 'application/json' }).end(text);
});

listenAndSay(server);
