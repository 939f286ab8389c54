import { expect, test } from 'vitest';
import { proveLedger } from '#src/credits/prove.ts';
import { ledgerWorld } from '#test/world/ledger-world.ts';
import { testCause } from '#test/world/test-cause.ts';

test.each([
  ['balance', 'credit_accounts', { balance: 90 }, 'is 90, but its entries say 100 and its lots 100'],
  ['lot', 'credit_lots', { remaining: 90 }, 'is 100, but its entries say 100 and its lots 90'],
])(
  'a %s that a hand has changed is found, and on-call is told once (row 46)',
  async (_, table, patch, sentence) => {
    const { grant, database, customerId } = await ledgerWorld();
    await grant(100);
    expect(await proveLedger(database.knex, testCause())).toBe(0);
    await database.knex(table).update(patch);

    expect(await proveLedger(database.knex, testCause())).toBe(1);
    expect(await proveLedger(database.knex, testCause())).toBe(1);

    const findings = await database.knex('findings');
    expect(findings).toMatchObject([{ kind: 'ledger_unbalanced', subject: customerId, state: 'open' }]);
    expect(findings[0].summary).toContain(sentence);
    const messages = await database.knex('outbox');
    expect(messages).toMatchObject([{ target: 'oncall' }]);
    expect(messages[0].payload).toContain('Escalate to the data platform team');
  },
);

test('once it is right again the finding is closed, and a new one is told anew', async () => {
  const { grant, database } = await ledgerWorld();
  await grant(100);
  await database.knex('credit_accounts').update({ balance: 90 });
  await proveLedger(database.knex, testCause());

  await database.knex('credit_accounts').update({ balance: 100 });
  expect(await proveLedger(database.knex, testCause())).toBe(0);
  expect(await database.knex('findings')).toMatchObject([{ state: 'closed' }]);

  await database.knex('credit_accounts').update({ balance: 90 });
  await proveLedger(database.knex, testCause());
  expect(await database.knex('outbox')).toHaveLength(2);
});

test('an account without any entry is in order', async () => {
  const { database, spend } = await ledgerWorld();
  await expect(spend(1, 'usage:1')).rejects.toThrow();

  expect(await proveLedger(database.knex, testCause())).toBe(0);
});

test('what is still wrong stays told, however many there are, and what is right again is closed', async () => {
  const { database } = await ledgerWorld();
  const { knex } = database;
  const ids = Array.from({ length: 1_100 }, (_none, at) => String(at).padStart(4, '0'));
  for (let at = 0; at < ids.length; at += 100) {
    const some = ids.slice(at, at + 100);
    await knex('customers').insert(
      some.map((id) => ({ id: `cust_x${id}`, email: `x${id}@firm.com`, created_at: 1 })),
    );
    await knex('credit_accounts').insert(
      some.map((id) => ({ id: `acc_x${id}`, customer_id: `cust_x${id}` })),
    );
  }
  const wrong = (from: number, to: number, balance: number) =>
    knex('credit_accounts')
      .where('id', '>=', `acc_x${ids[from]}`)
      .where('id', '<=', `acc_x${ids[to]}`)
      .update({ balance });
  const states = async () => {
    const rows: { state: string }[] = await knex('findings').where({ kind: 'ledger_unbalanced' });
    const count = (wanted: string) => rows.filter(({ state }) => state === wanted).length;
    return { open: count('open'), closed: count('closed') };
  };
  await wrong(1_000, 1_049, 5);
  expect(await proveLedger(knex, testCause())).toBe(50);
  await wrong(0, 99, 7);
  expect(await proveLedger(knex, testCause())).toBe(150);
  expect(await states()).toEqual({ open: 150, closed: 0 });

  await wrong(0, 49, 0);
  await wrong(1_000, 1_009, 0);
  expect(await proveLedger(knex, testCause())).toBe(90);
  expect(await states()).toEqual({ open: 90, closed: 60 });

  await wrong(100, 999, 3);
  expect(await proveLedger(knex, testCause())).toBe(990);
  expect(await states()).toMatchObject({ open: 200 });
});
