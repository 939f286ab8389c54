import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '#src/replies/csv.ts';

test.each([
  ['plain', '"plain"\r\n'],
  ['with "quotes", commas', '"with ""quotes"", commas"\r\n'],
  ['two\nlines', '"two\nlines"\r\n'],
  ['two\r\nlines', '"two\nlines"\r\n'],
  ['Überweisung 🧾', '"Überweisung 🧾"\r\n'],
  ['', '""\r\n'],
  [null, '\r\n'],
  [-100, '-100\r\n'],
  ['a = b', '"a = b"\r\n'],
  ['sofia@firm.com', '"sofia@firm.com"\r\n'],
  ['lost-upload', '"lost-upload"\r\n'],
])('%j is written as RFC 4180 says', (cell, line) => {
  expect(csvLine([cell])).toBe(line);
});

test.each([
  ['=1+1', `"'=1+1"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t'=1"`],
  ['\r=1', `"'\n'=1"`],
  ['\ttab', `"'\ttab"`],
  ['  =1', `"  '=1"`],
  ['\u00a0=1', `"\u00a0'=1"`],
  ['\u200b=1', `"'=1"`],
  ['＝1', `"'＝1"`],
  ['＋1', `"'＋1"`],
  ['－1', `"'－1"`],
  ['＠SUM', `"'＠SUM"`],
  ['"=1', `"""'=1"`],
  ['lost;=cmd|"/C calc"!A0', `"lost;'=cmd|""/C calc""!A0"`],
  ['lost\t=1', `"lost\t'=1"`],
  ['lost\n=1', `"lost\n'=1"`],
])('%j cannot be executed', (cell, written) => {
  expect(csvLine([cell])).toBe(`${written}\r\n`);
});

/** A strict reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) throw new Error(`Not CSV at ${text.slice(0, 80)}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const character = fc.constantFrom(...'=+-@＝＋－＠\t\r\n ",;\'|a1\u200b\u202e\u00a0');
const cell = fc.oneof(
  fc.string({ unit: character, maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);

test('whatever is in the cells, every cell comes back, and none begins as a formula', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      (rows) => {
        const read = readCsv(rows.map(csvLine).join(''));

        expect(read.map((row) => row.length)).toEqual(rows.map((row) => row.length));
        const essence = (text: string) =>
          text.replace(/\r\n?/g, '\n').replace(/(?![\n\t])[\p{Cc}\p{Cf}]|'/gu, '');
        expect(read.map((row) => row.map(essence))).toEqual(rows.map((row) => row.map(essence)));
        for (const text of read.flat()) expect(text).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/);
      },
    ),
    { numRuns: 500 },
  );
});

test('a spreadsheet that splits at semicolons or tabs, and drops quotes, finds no formula either', () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
      for (const separator of [/;/, /\t/, /[;\t]/]) {
        for (const line of csvLine(cells).split(/\r?\n/)) {
          // The first field begins the line; the others are what was behind a separator inside of a cell.
          for (const field of line.split(separator)) expect(field).not.toMatch(/^[\s"]*[=+\-@＝＋－＠]/);
        }
      }
    }),
    { numRuns: 500 },
  );
});
