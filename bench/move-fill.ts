import { openDatabase } from '#db/connection.ts';
import { migrate } from '#db/migrate.ts';

/** Fills a new SQLite database with so many customers, and eleven rows for each: `node bench/move-fill.ts PATH COUNT`. */
const [, , path = '', count = '100000'] = process.argv;
const AT = 1_764_000_000_000;

type Connection = {
  exec(sql: string): void;
  pragma(sql: string): void;
  prepare(sql: string): { run(...values: unknown[]): void };
};

const database = openDatabase(`sqlite:${path}`);
await migrate(database);
const connection: Connection = await database.knex.client.acquireConnection();
connection.pragma('synchronous = off');
connection.exec('begin');
const into = (table: string, columns: string) =>
  connection.prepare(
    `insert into ${table} (${columns}) values (${columns
      .split(',')
      .map(() => '?')
      .join(',')})`,
  );
const customers = into('customers', 'id,email,name,created_at');
const accounts = into('credit_accounts', 'id,customer_id,balance,next_seq');
const lots = into('credit_lots', 'id,account_id,source_kind,source_id,granted,remaining,priority,created_at');
const entries = into(
  'credit_entries',
  'id,account_id,seq,type,amount,balance_after,idempotency_key,fingerprint,source_kind,source_id,actor,correlation_id,at',
);
const allocations = into('credit_allocations', 'entry_id,lot_id,amount');
const entitlements = into('entitlements', 'customer_id,tier,access,source,inputs_hash,version,updated_at');
const changes = into(
  'entitlement_changes',
  'id,customer_id,version,from_tier,to_tier,from_access,to_access,source,cause,cause_ref,actor,reason,correlation_id,at',
);
const audit = into(
  'audit_events',
  'id,at,actor_id,actor_name,person,surface,command,outcome,customer_id,input,before,after,reason,correlation_id',
);
const outbox = into(
  'outbox',
  'id,dedupe_key,kind,target,payload,state,next_attempt_at,correlation_id,created_at',
);
const events = into(
  'stripe_events',
  'id,mode,type,object_id,stripe_customer_id,created_at,received_at,source,payload,payload_sha256,status,next_attempt_at,correlation_id',
);
const payload = JSON.stringify({ object: 'event', data: { object: { text: 'x\n"y"\\'.repeat(250) } } });
const json = JSON.stringify({ tier: 'pro', credits: 100, why: 'invoice paid' });

for (let n = 0; n < Number(count); n++) {
  const id = `cust_01${String(n).padStart(24, '0')}`;
  const cor = `cor_01${String(n).padStart(24, '0')}`;
  const at = AT + n;
  customers.run(id, `customer${n}@firm.com`, `Customer ${n}`, at);
  accounts.run(`acc_${n}`, id, 100, 2);
  lots.run(`lot_${n}`, `acc_${n}`, 'import', `src_${n}`, 100, 100, 1, at);
  entries.run(
    `ent_${n}`,
    `acc_${n}`,
    1,
    'grant',
    100,
    100,
    `key_${n}`,
    'f',
    'import',
    `src_${n}`,
    'lucy',
    cor,
    at,
  );
  allocations.run(`ent_${n}`, `lot_${n}`, 100);
  entitlements.run(id, 'pro', 'full', 'subscription', 'h', 1, at);
  changes.run(
    `chg_${n}`,
    id,
    1,
    'free',
    'pro',
    'full',
    'full',
    'subscription',
    'event',
    `evt_${n}`,
    'stripe',
    'paid',
    cor,
    at,
  );
  // Its row among those that wait for a seal comes by a trigger.
  audit.run(
    `aud_01${String(n).padStart(24, '0')}`,
    at,
    'stripe',
    'Stripe',
    'stripe',
    'webhook',
    'credits grant',
    'done',
    id,
    json,
    json,
    json,
    'invoice paid',
    cor,
  );
  outbox.run(`msg_${n}`, `msg_${n}`, 'slack', 'entitlements', json, 'sent', at, cor, at);
  events.run(
    `evt_${n}`,
    'test',
    'invoice.paid',
    `in_${n}`,
    `cus_${n}`,
    at,
    at,
    'webhook',
    payload,
    'sha',
    'done',
    at,
    cor,
  );
}
connection.exec('commit');
await database.knex.client.releaseConnection(connection);
await database.close();
