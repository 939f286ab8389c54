import { SourceMap } from 'node:module';
import { expect, test } from 'vitest';
import { shortMap } from '../../build/short-map.ts';

/** Two lines of a bundle: ours, a package’s, and ours again, with more places than lines. */
const map = {
  version: 3,
  sources: ['../../src/a.ts', '../../node_modules/b/index.js'],
  names: ['go'],
  // Line 1: a.ts 3:1, 3:9 and 5:1. Line 2: b 41:1, then a.ts 2:5.
  mappings: 'AAEA,QAAQA,UAER;ACoCA,YDvCI',
};

test('only our own sources are left, a place for each of their lines, and Node reads it', () => {
  const short = shortMap(map, (source) => source.includes('/src/'));
  const found = new SourceMap({ ...short, file: '', sourceRoot: '', sourcesContent: [] });
  const lineAt = (line: number, column: number) => {
    const entry = found.findEntry(line, column);
    return 'originalLine' in entry ? [entry.originalSource, entry.originalLine + 1] : null;
  };
  const whole = new SourceMap({ ...map, file: '', sourceRoot: '', sourcesContent: [] });
  const [before] = [whole.findEntry(0, 9)];

  expect(short.sources).toEqual(['../../src/a.ts']);
  expect(short.names).toEqual([]);
  expect(short.mappings.split(/[,;]/)).toHaveLength(3);
  expect(before).toMatchObject({ originalSource: '../../src/a.ts', originalLine: 2 });
  expect(lineAt(0, 0)).toEqual(['../../src/a.ts', 3]);
  expect(lineAt(0, 9)).toEqual(['../../src/a.ts', 3]);
  expect(lineAt(0, 30)).toEqual(['../../src/a.ts', 5]);
  expect(lineAt(1, 13)).toEqual(['../../src/a.ts', 2]);
});
