import { expect, test } from 'vitest';
import { listEvidenceParts } from '#db/evidence-bundles.ts';
import { makeBundles } from '#src/disputes/evidence/make-bundle.ts';
import { orderEvidence } from '#src/disputes/evidence/order.ts';
import { type ImportWorld, importWorld, manyEmails } from '#test/world/import-world.ts';
import { staff } from '#test/world/terminal-world.ts';
import { testCause } from '#test/world/test-cause.ts';

const admin = staff('admin');

/** What is preserved of a customer now, by the name of the part. */
async function preserved(world: ImportWorld, email: string): Promise<Map<string, string>> {
  const { id: customerId } = await world.database.knex('customers').where({ email }).first();
  const about = { customerId, disputeId: null, cause: 'fraud' as const };
  const { id } = await orderEvidence(world.database.knex, testCause(world.clock.now()), about);
  while ((await makeBundles(world.runner)) > 0);
  const parts = await listEvidenceParts(world.database.knex, id);
  return new Map(parts.map(({ name, content }) => [name, content]));
}

test('after an import for four customers the evidence of one holds their line and nobody else', async () => {
  const world = await importWorld();
  await world.customers(...manyEmails(4));
  const path = await world.file(
    'outage.csv',
    ['email,credits', ...manyEmails(4).map((email) => `${email},400`)].join('\n'),
  );
  await world.lucy(`credits import ${path} --reason "outage" --yes`, admin);
  await world.work();
  expect((await world.balances())['customer0@firm.com']).toBe(400);
  await world.lucy('credits grant customer0@firm.com 7 --reason "lost upload" --yes', admin);

  const parts = await preserved(world, 'customer0@firm.com');
  expect([...parts.values()].join('')).not.toMatch(/customer[1-3]@firm\.com/);
  expect(parts.get('batch_rows.jsonl')).toContain('customer0@firm.com');
  expect(parts.get('audit_events.jsonl')).toContain('credits import');
  expect(parts.get('outbox.jsonl')).toContain('7 credits granted to customer0@firm.com');
});

test('a message under a correlation id that is also somebody else’s is left out', async () => {
  const world = await importWorld();
  const { knex } = world.database;
  await world.customers(...manyEmails(2));
  for (const email of manyEmails(2))
    await world.lucy(`credits grant ${email} 7 --reason "lost upload" --yes`, admin);
  const [first, second] = await knex('runs').orderBy('id');
  // Such as a product that gives one X-Request-ID to a whole job.
  await knex('outbox')
    .where({ correlation_id: second.correlation_id })
    .update({ correlation_id: first.correlation_id });
  await knex('runs').where({ id: second.id }).update({ correlation_id: first.correlation_id });

  const parts = await preserved(world, 'customer0@firm.com');
  expect(parts.get('outbox.jsonl')).toBe('');
  expect([...parts.values()].join('')).not.toContain('customer1@firm.com');
});

test('what an import told is left out even where one customer is all whom the audit names', async () => {
  const world = await importWorld();
  await world.customers('customer0@firm.com');
  // The line that is left out names somebody else, and so may what is told of the import.
  const path = await world.file('x.csv', 'email,credits\ncustomer0@firm.com,4\ncustomer1@firm.com,5\n');
  const typed = await world.lucy(`credits import ${path} --skip-bad --reason "outage" --yes`, admin);
  expect(typed.out).toContain('1 of 2 lines of x.csv imported and 1 left out.');
  expect(await world.database.knex('outbox')).not.toEqual([]);

  const parts = await preserved(world, 'customer0@firm.com');
  expect(parts.get('outbox.jsonl')).toBe('');
  expect([...parts.values()].join('')).not.toContain('customer1@firm.com');
});
