import { expect, test } from 'vitest';
import { followId } from '#src/diagnosis/follow.ts';
import { freshDatabase, testEngine } from '#test/world/fresh-database.ts';
import { testStart } from '#test/world/test-clock.ts';

/** Tables that grow with every webhook, AI call and act; nothing that a trail asks may read one of them whole. */
const growing =
  /\b(audit_events|stripe_events|credit_entries|credit_lots|credit_holds|entitlement_changes|outbox|mails|ai_usage|reports|runs|findings)\b/;

const ids = [
  'cor_01jd0000000000000000000000',
  'a-request-of-the-product',
  'ZD-812',
  'evt_1',
  'in_1',
  'ch_1',
  'pi_1',
  'sub_1',
  'cus_1',
  'run_01jd0000000000000000000000',
  'led_01jd0000000000000000000000',
  'hold_01jd0000000000000000000000',
];

test('a trail reads no table that grows from end to end, whatever id it begins with', async () => {
  const { database } = await freshDatabase();
  const asked: { id: string; sql: string; bindings: readonly unknown[] }[] = [];
  let id = '';
  const listen = ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }) =>
    asked.push({ id, sql, bindings });
  database.knex.on('query', listen);
  for (id of ids) await followId(database.knex, id, testStart);
  database.knex.removeListener('query', listen);

  const whole: string[] = [];
  await database.knex.transaction(async (sql) => {
    // An empty table is read whole because that is quickest; this asks whether there is another way.
    if (testEngine === 'postgres') await sql.raw('set local enable_seqscan = off');
    for (const one of asked)
      if (growing.test(one.sql))
        for (const step of await planOf(sql, one)) whole.push(`${one.id}: ${step} in ${one.sql}`);
  });

  expect(asked.length).toBeGreaterThan(50);
  expect(whole).toEqual([]);
});

type Raw = { raw(sql: string, bindings?: readonly unknown[]): PromiseLike<unknown> };

/** The steps of a plan that read a growing table from end to end. */
async function planOf(sql: Raw, one: { sql: string; bindings: readonly unknown[] }): Promise<string[]> {
  if (testEngine === 'sqlite') {
    const steps = (await sql.raw(`explain query plan ${one.sql}`, one.bindings)) as { detail: string }[];
    return steps.map(({ detail }) => detail).filter((step) => /^SCAN (?!CONSTANT)/.test(step));
  }
  // knex listens after it has numbered the values; asked again, it wants its own marks.
  const marked = one.sql.replace(/\$\d+/g, '?');
  const { rows } = (await sql.raw(`explain ${marked}`, one.bindings)) as { rows: { 'QUERY PLAN': string }[] };
  return rows
    .map((row) => row['QUERY PLAN'])
    .filter((step) => step.includes('Seq Scan') && growing.test(step));
}
