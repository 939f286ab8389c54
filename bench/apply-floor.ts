import Database from 'better-sqlite3';
import pg from 'pg';

/** The floor of applying: of each stored event its payload is read, and its customer's rows are written. */
export type ApplyFloor = {
  /** Stores events of these customers, by number. */
  store(events: readonly { id: string; customer: number; payload: string }[]): Promise<void>;
  /** Takes a hundred in one transaction; how many there were. */
  drain(): Promise<number>;
  close(): Promise<void>;
};

/**
 * Tier and credits change, an audit row and a message are written, once for each event: one index a table, no lots, no
 * mirror, no lease, and nobody is asked. A hundred events share a commit.
 */
const tables = `
  create table floor_events (id text primary key, customer bigint not null, payload text not null, status text not null);
  create index floor_events_open on floor_events (status, id);
  create table floor_customers (id bigint primary key, tier text not null, version bigint not null, balance bigint not null);
  create table floor_entries (key text primary key, customer bigint not null, amount bigint not null, at bigint not null);
  create table floor_audit (id text primary key, customer bigint not null, before text not null, after text not null, at bigint not null);
  create table floor_outbox (dedupe text primary key, payload text not null, state text not null);`;

const COMMIT = 100;

function readCustomer(payload: string): { type: string; id: string } {
  const { type, id } = JSON.parse(payload);
  return { type, id };
}

export function sqliteApplyFloor(file: string, customers: number): ApplyFloor {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(tables);
  const open = db.prepare("insert into floor_customers values (?, 'free', 0, 0)");
  db.transaction(() => {
    for (let id = 0; id < customers; id++) open.run(id);
  })();
  const put = db.prepare("insert into floor_events values (?, ?, ?, 'received') on conflict do nothing");
  const take = db.prepare(`select * from floor_events where status = 'received' order by id limit ${COMMIT}`);
  const enter = db.prepare('insert into floor_entries values (?, ?, 100, ?) on conflict do nothing');
  const move = db.prepare(
    "update floor_customers set tier = 'pro', version = version + 1, balance = balance + 100 where id = ?",
  );
  const audit = db.prepare('insert into floor_audit values (?, ?, ?, ?, ?)');
  const tell = db.prepare("insert into floor_outbox values (?, ?, 'pending') on conflict do nothing");
  const end = db.prepare("update floor_events set status = 'done' where id = ?");
  return {
    async store(events) {
      db.exec('begin immediate');
      for (const { id, customer, payload } of events) put.run(id, customer, payload);
      db.exec('commit');
    },
    async drain() {
      db.exec('begin immediate');
      const events = take.all() as { id: string; customer: number; payload: string }[];
      for (const { id, customer, payload } of events) {
        const { type } = readCustomer(payload);
        if (enter.run(id, customer, Date.now()).changes === 1) {
          move.run(customer);
          audit.run(id, customer, 'free', 'pro', Date.now());
          tell.run(id, JSON.stringify({ title: `${customer} moved from free to pro`, why: type }));
        }
        end.run(id);
      }
      db.exec('commit');
      return events.length;
    },
    close: async () => void db.close(),
  };
}

export async function postgresApplyFloor(connectionString: string, customers: number): Promise<ApplyFloor> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  await client.connect();
  await client.query(
    'drop table if exists floor_events, floor_customers, floor_entries, floor_audit, floor_outbox',
  );
  await client.query(tables);
  await client.query("insert into floor_customers select n, 'free', 0, 0 from generate_series(0, $1 - 1) n", [
    customers,
  ]);
  const takeSql = `select id, customer, payload from floor_events where status = 'received' order by id limit ${COMMIT} for update skip locked`;
  const writeSql = `
    with asked as (select * from unnest($1::text[], $2::bigint[], $3::text[]) as a(id, customer, message)),
    entered as (
      insert into floor_entries select id, customer, 100, $4 from asked on conflict do nothing returning key, customer),
    moved as (
      update floor_customers c set tier = 'pro', version = version + 1, balance = balance + 100
      from entered e where c.id = e.customer),
    audited as (
      insert into floor_audit select key, customer, 'free', 'pro', $4 from entered),
    told as (
      insert into floor_outbox select id, message, 'pending' from asked on conflict do nothing)
    update floor_events f set status = 'done' from asked a where f.id = a.id`;
  return {
    async store(events) {
      await client.query(
        "insert into floor_events select id, customer, payload, 'received' from unnest($1::text[], $2::bigint[], $3::text[]) as e(id, customer, payload) on conflict do nothing",
        [events.map(({ id }) => id), events.map((event) => event.customer), events.map((e) => e.payload)],
      );
    },
    async drain() {
      await client.query('begin');
      const { rows } = await client.query({ name: 'take', text: takeSql });
      const messages = rows.map(({ customer, payload }) => {
        const { type } = readCustomer(payload);
        return JSON.stringify({ title: `${customer} moved from free to pro`, why: type });
      });
      const values = [rows.map(({ id }) => id), rows.map((row) => row.customer), messages, Date.now()];
      await client.query({ name: 'write', text: writeSql, values });
      await client.query('commit');
      return rows.length;
    },
    close: () => client.end(),
  };
}
