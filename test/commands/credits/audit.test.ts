import { expect, test } from 'vitest';
import type { Sql } from '#db/connection.ts';
import { refundWorld } from '#test/world/refund-world.ts';
import { type SofiaWorld, sofiaWorld } from '#test/world/sofia-world.ts';
import { staff } from '#test/world/terminal-world.ts';

type Audit = { addsUp: boolean; problems: string[]; entries: number; sum: number; payments: unknown[] };

/** 100 granted, 30 used, 10 of them given back. */
async function spent(): Promise<SofiaWorld> {
  const world = await sofiaWorld();
  await world.done('credits grant sofia@firm.com 100 --reason "welcome"');
  await world.done('credits consume sofia@firm.com 30 --reason "used"');
  const [spend] = await world.rows<{ id: string }>('credit_entries', { type: 'spend' });
  await world.done(`credits reverse ${spend?.id} --count 10 --reason "failed run"`);
  return world;
}

/** Somebody who owns the database takes the guards away. */
async function withoutGuards({ database }: SofiaWorld): Promise<void> {
  const { knex, engine } = database;
  const drops =
    engine === 'postgres'
      ? ['credit_entries', 'credit_allocations'].map((name) => `drop trigger ${name}_append_only on ${name}`)
      : ['credit_entries', 'credit_allocations'].flatMap((name) =>
          ['update', 'delete'].map((act) => `drop trigger ${name}_no_${act}`),
        );
  for (const drop of drops) await knex.raw(drop);
}

test('a ledger that adds up says so, with every sum beside what it comes to', async () => {
  const world = await spent();

  const typed = await world.lucy('credits audit sofia@firm.com', staff('oncall'));

  expect(typed.code).toBe(0);
  expect(typed.out).toContain('The credits of sofia@firm.com add up: 3 entries come to 80 credits.');
  expect(typed.out).toMatch(/Balance, from all entries\s+80\s+80/);
  expect(typed.out).toMatch(/Balance, from 1 lot\s+80\s+80/);
  const json = (await world.lucy('credits audit sofia@firm.com --json')).json<Audit>();
  expect(json).toMatchObject({ addsUp: true, problems: [], entries: 3, sum: 80 });
});

test('who never had credits has nothing to prove, and a stranger to Lucy sees nothing', async () => {
  const world = await sofiaWorld();

  const typed = await world.lucy('credits audit sofia@firm.com');
  const refused = await world.lucy('credits audit sofia@firm.com', { ...staff(), roles: [] });

  expect(typed.out).toContain('sofia@firm.com never had credits, so there is nothing to prove.');
  expect(refused.code).toBe(3);
});

const entry = (sql: Sql, seq: number) => sql('credit_entries').where({ seq });

test.each<[string, (sql: Sql) => Promise<unknown>, string]>([
  [
    'a balance',
    (sql) => sql('credit_accounts').update({ balance: 90 }),
    'The balance is 90, and all entries come to 80.',
  ],
  [
    'a lot',
    (sql) => sql('credit_lots').update({ remaining: 90 }),
    'says that 90 are left, and its entries leave 80.',
  ],
  [
    'what is held',
    (sql) => sql('credit_accounts').update({ held: 5 }),
    '5 are held, and the open holds come to 0.',
  ],
  [
    'what is owed',
    (sql) => sql('credit_accounts').update({ debt: 5 }),
    '5 are owed, and the payments come to 0.',
  ],
  [
    'an amount',
    (sql) => entry(sql, 2).update({ amount: -20 }),
    'says that 70 credits were left, and 100 − 20 is 80.',
  ],
  [
    'a running balance',
    (sql) => entry(sql, 2).update({ balance_after: 75 }),
    'says that 75 credits were left, and 100 − 30 is 70.',
  ],
  [
    'an allocation',
    (sql) => sql('credit_allocations').where('amount', -30).update({ amount: -25 }),
    'moves -30, and its lots moved by -25.',
  ],
  [
    'what an entry corrects',
    (sql) => entry(sql, 3).update({ reversal_of: 'led_gone' }),
    'takes led_gone back, which is not before it.',
  ],
  ['the order', (sql) => entry(sql, 3).update({ seq: 4 }), 'follows entry 2: what was between is gone.'],
])('%s that a hand has changed is found, and named first', async (_what, tamper, sentence) => {
  const world = await spent();
  await withoutGuards(world);

  await tamper(world.database.knex);
  const typed = await world.lucy('credits audit sofia@firm.com');

  const [title] = typed.out.split('\n');
  expect(title).toContain('The credits of sofia@firm.com do not add up.');
  expect(title).toContain(sentence);
  expect(typed.out).toContain('Nothing was changed. Escalate to the data platform team');
});

test('an entry that is gone is named by its neighbour', async () => {
  const world = await spent();
  await withoutGuards(world);
  const [spend] = await world.rows<{ id: string }>('credit_entries', { seq: 2 });
  await world.database.knex('credit_allocations').where({ entry_id: spend?.id }).delete();
  await world.database.knex('credit_entries').where({ seq: 2 }).delete();

  const { problems } = (await world.lucy('credits audit sofia@firm.com --json')).json<Audit>();

  expect(problems[0]).toMatch(/^Entry 3 \(led_\w+\) follows entry 1: what was between is gone\.$/);
  expect(problems.length).toBeGreaterThan(2);
});

test('a payment is held against what Stripe’s refunds ask for', async () => {
  const world = await refundWorld();
  const { charge, invoice } = world.subscribed();
  await world.booked();
  await world.as('ada', 'credits consume sofia@firm.com 400 --reason "used"');
  world.stripe.world.refund(charge.id, 2_450);
  await world.booked();

  const typed = await world.as('sam', 'credits audit sofia@firm.com');
  expect(typed.out).toContain('The credits of sofia@firm.com add up');
  expect(typed.out).toMatch(new RegExp(`${invoice}\\s+\\$49.00\\s+\\$24.50\\s+500\\s+250\\s+150`));

  await world.database.knex('payments').update({ credits_reversed: 200 });
  const { problems } = (await world.as('sam', 'credits audit sofia@firm.com --json')).json<Audit>();
  expect(problems).toEqual([`Of ${invoice}, 200 were taken back, and it should be 250.`]);
});

test('the CSV has every entry with its own balance and the one that it adds up to', async () => {
  const world = await spent();

  const { csv } = (await world.lucy('credits audit sofia@firm.com --csv --json')).json<{ csv: string }>();
  const lines = csv.trim().split('\r\n');

  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain('"balance","adds_up_to","in_lots"');
  expect(lines[2]).toMatch(/^2,"2026-11-21T09:00:00.000Z","led_\w+","spend",-30,70,70,-30,/);
});

test('two thousand entries are proved in pages', async () => {
  const world = await spent();
  const { knex } = world.database;
  const last = await knex('credit_entries').orderBy('seq', 'desc').first();
  const lot = await knex('credit_lots').first();
  const rows = Array.from({ length: 2_000 }, (_, index) => ({
    ...last,
    id: `led_bulk${index}`,
    seq: 4 + index,
    type: 'spend',
    amount: index % 2 === 0 ? -1 : 1,
    balance_after: index % 2 === 0 ? 79 : 80,
    idempotency_key: `bulk:${index}`,
    reversal_of: null,
  }));
  for (let from = 0; from < rows.length; from += 50) {
    const some = rows.slice(from, from + 50);
    await knex('credit_entries').insert(some);
    await knex('credit_allocations').insert(
      some.map(({ id, amount }) => ({ entry_id: id, lot_id: lot.id, amount })),
    );
  }
  await knex('credit_accounts').update({ next_seq: 2_004 });

  const typed = await world.lucy('credits audit sofia@firm.com');

  expect(typed.out).toContain('add up: 2,003 entries come to 80 credits.');
  expect(typed.out).toContain('Entries (the last 10 of 2003)');
});
