import fc from 'fast-check';
import { expect, test } from 'vitest';
import { postgresArray } from '#db/postgres-array.ts';
import { freshDatabase, testEngine } from '#test/world/fresh-database.ts';

test('words are in quotation marks, numbers and nothing are not', () => {
  expect(postgresArray(['a', '', null, 'NULL', 'a,{b}', -1, undefined])).toBe(
    '{"a","",NULL,"NULL","a,{b}",-1,NULL}',
  );
  expect(postgresArray(['say "no" \\', 'x'])).toBe('{"say \\"no\\" \\\\","x"}');
  expect(postgresArray([])).toBe('{}');
});

test.runIf(testEngine === 'postgres')('Postgres reads back what was put in, whatever it is', async () => {
  const { database } = await freshDatabase();
  // Postgres has no text with a zero byte in it.
  const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
  const nasty = fc.constantFrom('"', '\\', '\\"', '{', '}', ',', ' ', '\n', 'null', '\u{1f600}', 'ß');
  const words = fc.array(fc.oneof(word, nasty, fc.constant(null)), { maxLength: 20 });

  await fc.assert(
    fc.asyncProperty(words, async (list) => {
      const { rows } = await database.knex.raw('select ?::text[] as list', [postgresArray(list)]);
      expect(rows[0].list).toEqual(list);
    }),
    { numRuns: 60 },
  );
});
