import { expect, test } from 'vitest';
import { createSpendTogether } from '#src/credits/spend-together.ts';
import { apiWorld } from '#test/world/api-world.ts';
import { sharedSpend } from '#test/world/shared-spends.ts';

type Traced = { timeline: { kind: string; id: string; sentence: string }[] };
type Found = { rows: { id: string; sharedId: string | null }[] };

/** Five debits of Sofia's that share an audit row. */
async function spentWorld() {
  const world = await apiWorld();
  await world.grant(100);
  const { knex } = world.database;
  const { id: customerId } = await knex('customers').where({ email: 'sofia@firm.com' }).first('id');
  const together = createSpendTogether(world.database);
  const at = world.clock.now();
  await Promise.all([1, 2, 3, 4, 5].map((n) => together(sharedSpend(customerId, `k-${n}`, 1, at + n))));
  const [shared] = await knex('audit_events').whereNotNull('covers');
  const entries: string[] = await knex('credit_entries').whereNotNull('audit_id').orderBy('seq').pluck('id');
  return { ...world, shared, entries };
}

test('the audit row that spends share leads to each of them', async () => {
  const { lucy, shared, entries } = await spentWorld();

  const { timeline } = (await lucy(`trace ${shared.id} --json`)).json<Traced>();

  const audited = timeline.filter(({ kind }) => kind === 'audit').map(({ id }) => id);
  expect(audited.sort()).toEqual([shared.id, ...entries.map((id) => id.replace('led', 'aud'))].sort());
  const posted = timeline.filter(({ kind }) => kind === 'ledger').map(({ id }) => id);
  expect(posted.sort()).toEqual([...entries].sort());
});

test('a search says under which row a spend stands, and that row is found by it', async () => {
  const { lucy, shared, entries } = await spentWorld();

  const { rows } = (await lucy('audit search --customer sofia@firm.com --json')).json<Found>();
  const file = (await lucy('audit search --command "credits consume" --csv --json')).json<{ csv: string }>();
  const [columns, ...lines] = file.csv.replaceAll('"', '').trim().split('\r\n');

  const spends = rows.filter(({ sharedId }) => sharedId !== null);
  expect(spends.map(({ sharedId }) => sharedId)).toEqual(entries.map(() => shared.id));
  expect(rows.length).toBeGreaterThan(spends.length);
  expect(columns).toMatch(/,shared_id$/);
  expect(lines.map((line) => line.split(',').at(-1))).toEqual(entries.map(() => shared.id));
  expect((await lucy(`trace ${spends[0]?.sharedId}`)).code).toBe(0);
});
