import { expect, test } from 'vitest';
import { exportRules } from '#src/export/columns.ts';
import { wordsAllowed } from '#test/world/canaries.ts';
import { freshDatabase, testEngine } from '#test/world/fresh-database.ts';

/** `table.column`, as the database itself says. */
async function columnsOfSchema(): Promise<{ name: string; isText: boolean }[]> {
  const { database } = await freshDatabase();
  const query =
    testEngine === 'postgres'
      ? 'select table_name, column_name, data_type as type from information_schema.columns where table_schema = current_schema()'
      : "select m.name as table_name, c.name as column_name, c.type as type from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%'";
  const said = await database.knex.raw(query);
  const rows: { table_name: string; column_name: string; type: string }[] =
    testEngine === 'postgres' ? said.rows : said;
  return rows
    .filter((row) => !row.table_name.startsWith('knex_migrations'))
    .map((row) => ({
      name: `${row.table_name}.${row.column_name}`,
      isText: row.type.toLowerCase() === 'text',
    }));
}

test('every column of every table has its treatment, and no treatment is left over', async () => {
  const schema = await columnsOfSchema();
  const left = new Set(
    Object.entries(exportRules).flatMap(([table, rule]) => ('leftOut' in rule ? [table] : [])),
  );
  const ruled = Object.entries(exportRules).flatMap(([table, rule]) =>
    'leftOut' in rule ? [] : Object.keys(rule.columns).map((column) => `${table}.${column}`),
  );
  const leaving = schema.map(({ name }) => name).filter((name) => !left.has(name.split('.')[0] ?? ''));

  expect(leaving.filter((name) => !ruled.includes(name))).toEqual([]);
  expect(ruled.filter((name) => !leaving.includes(name))).toEqual([]);
  expect([...left].filter((table) => !schema.some(({ name }) => name.startsWith(`${table}.`)))).toEqual([]);
});

test('a number is kept, or is nothing at all', async () => {
  const numbers = (await columnsOfSchema()).filter(({ name, isText }) => {
    const [table = '', column = ''] = name.split('.');
    const rule = exportRules[table];
    return !isText && rule && !('leftOut' in rule) && !['keep', 'null'].includes(rule.columns[column] ?? '');
  });

  expect(numbers.map(({ name }) => name)).toEqual([]);
});

test('text that is kept is a word from a list that the schema enforces', async () => {
  const { database } = await freshDatabase();
  if (database.engine === 'postgres') return;
  const tables = new Map(
    (await database.knex('sqlite_master').where({ type: 'table' }).select('name', 'sql')).map((row) => [
      row.name,
      row.sql,
    ]),
  );
  const free = (await columnsOfSchema()).filter(({ name, isText }) => {
    const [table = '', column = ''] = name.split('.');
    const rule = exportRules[table];
    const isKept = rule && !('leftOut' in rule) && rule.columns[column] === 'keep';
    return isText && isKept && wordsAllowed(tables.get(table), column).length === 0;
  });

  expect(free.map(({ name }) => name)).toEqual([]);
});
