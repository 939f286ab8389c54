import { expect, test } from 'vitest';
import { fillEveryTable } from '#test/world/fill-every-table.ts';
import { testEngine } from '#test/world/fresh-database.ts';
import { movingWorld } from '#test/world/moving-world.ts';

/** Tables that no row can be put into by their schema alone; each needs a reason here. */
const withoutRow: string[] = [];

test.skipIf(testEngine === 'sqlite')(
  'a row of every table arrives to the last bit: awkward text, numbers beyond 2^53, nothing at all',
  async () => {
    const world = await movingWorld();
    expect(await fillEveryTable(world.source.database)).toEqual(withoutRow);
    const before = await asText(world.source.database.knex, 'sqlite');

    const dry = await world.copy(['--dry-run', '--with-problems', '--json']);
    const copied = await world.copy(['--reason', 'outgrown', '--yes', '--with-problems', '--json']);

    expect(copied.err).toBe('');
    expect([dry.code, copied.code]).toEqual([0, 0]);
    const target = world.target();
    const after = await asText(target.knex, 'postgres');
    const told = after.get('audit_events')?.filter((row) => !before.get('audit_events')?.includes(row)) ?? [];
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('db copy');
    for (const [table, rows] of before) {
      if (table === 'audit_events' || table === 'audit_unsealed') continue;
      expect(after.get(table), table).toEqual(rows);
    }
    // A dry run has the same checksums, so that two evenings can be compared.
    expect(JSON.parse(dry.out).tables.toSorted(byName)).toEqual(
      JSON.parse(copied.out).tables.toSorted(byName),
    );
  },
  120_000,
);

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

/** Every row as one text, made by the engine itself, so that no driver rounds or converts on the way. */
async function asText(
  // biome-ignore lint/suspicious/noExplicitAny: two engines answer raw questions differently
  knex: any,
  engine: 'sqlite' | 'postgres',
): Promise<Map<string, string[]>> {
  const names: string[] =
    engine === 'sqlite'
      ? await knex('sqlite_master')
          .where({ type: 'table' })
          .whereRaw("name not like 'sqlite%' and name not like 'knex%'")
          .pluck('name')
      : await knex('pg_tables')
          .where({ schemaname: 'public' })
          .whereRaw("tablename not like 'knex%'")
          .pluck('tablename');
  const all = new Map<string, string[]>();
  for (const name of names) {
    const columns: string[] =
      engine === 'sqlite'
        ? (await knex.raw(`select name from pragma_table_info('${name}')`)).map(
            (row: { name: string }) => row.name,
          )
        : await knex('information_schema.columns')
            .where({ table_schema: 'public', table_name: name })
            .pluck('column_name');
    const parts = columns
      .toSorted()
      .map((column) => `coalesce('=' || cast("${column}" as text), 'nothing')`)
      .join(" || '|' || ");
    const rows = await knex(name).select(knex.raw(`${parts} as whole`));
    all.set(name, rows.map((row: { whole: string }) => row.whole).toSorted());
  }
  return all;
}
