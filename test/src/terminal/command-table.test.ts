import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { commandTable, withCommandTable } from '#src/terminal/command-table.ts';

test('the README’s command table is current: if not, run npm run docs', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

  expect(withCommandTable(readme, commands)).toBe(readme);
});

test('every command has its row, and nothing in it breaks the table', () => {
  const rows = commandTable(commands).split('\n');

  expect(rows).toHaveLength(commands.length + 2);
  for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6);
});

test('a document without the markers is a mistake, not an empty table', () => {
  expect(() => withCommandTable('# Nothing here', commands)).toThrow('<!-- commands -->');
});
