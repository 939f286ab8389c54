import Database from 'better-sqlite3';
import pg from 'pg';

/** What the floor posts: take one credit where there is one, and an entry under a key that is used once. */
export type FloorPost = { account: number; key: string };

/**
 * The floor of a ledger: a conditional update and an entry, the callers of one turn in one commit; nothing else. It
 * meets no duplicate and no empty account, and knows no lots, no audit and no answer to repeat.
 */
export type FloorLedger = { post(batch: readonly FloorPost[]): Promise<void>; close(): Promise<void> };

export function sqliteFloor(file: string, accounts: number): FloorLedger {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('create table accounts (id integer primary key, balance integer not null)');
  db.exec(
    'create table entries (id integer primary key, account integer not null, key text not null unique, amount integer not null, at integer not null)',
  );
  const open = db.prepare('insert into accounts values (?, 1000000000)');
  db.transaction(() => {
    for (let id = 0; id < accounts; id++) open.run(id);
  })();
  const take = db.prepare('update accounts set balance = balance - 1 where id = ? and balance >= 1');
  const enter = db.prepare('insert into entries (account, key, amount, at) values (?, ?, -1, ?)');
  return {
    async post(batch) {
      db.exec('begin immediate');
      for (const { account, key } of batch)
        if (take.run(account).changes === 1) enter.run(account, key, Date.now());
      db.exec('commit');
    },
    close: async () => void db.close(),
  };
}

export async function postgresFloor(connectionString: string, accounts: number): Promise<FloorLedger> {
  const client = new pg.Client({ connectionString });
  // When the bench fails, its own error is to be seen, and not that Postgres was stopped.
  client.on('error', () => {});
  await client.connect();
  await client.query('drop table if exists floor_entries, floor_accounts');
  await client.query('create table floor_accounts (id integer primary key, balance bigint not null)');
  await client.query(
    'create table floor_entries (id bigint generated always as identity primary key, account integer not null, key text not null unique, amount bigint not null, at bigint not null)',
  );
  await client.query('insert into floor_accounts select n, 1000000000 from generate_series(0, $1 - 1) n', [
    accounts,
  ]);
  const text = `
    with asked as (select * from unnest($1::integer[], $2::text[]) as a(account, key)),
    entered as (
      insert into floor_entries (account, key, amount, at) select account, key, -1, $3::bigint from asked
      on conflict (key) do nothing returning account)
    update floor_accounts f set balance = f.balance - e.taken
    from (select account, count(*) as taken from entered group by account) e
    where f.id = e.account and f.balance >= e.taken`;
  return {
    async post(batch) {
      const values = [batch.map(({ account }) => account), batch.map(({ key }) => key), Date.now()];
      await client.query({ name: 'post', text, values });
    },
    close: () => client.end(),
  };
}
