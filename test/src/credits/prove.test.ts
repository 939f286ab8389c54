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
