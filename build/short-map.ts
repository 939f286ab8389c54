/** As much of a source map as stack traces need. */
export type SourceMap = { version: number; sources: string[]; names: string[]; mappings: string };

/** Column in the bundle, then source, line and column there. */
type Place = [column: number, source: number, line: number, sourceColumn: number];

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Of all places only those where another line of the source begins, and of all sources only our own: Node reads the whole
 * map at the start, and keeps it, so that a stack trace can name lines. Columns and names are what makes it big.
 *
 * @param isOwn whether stack traces should name this source
 */
export function shortMap(map: SourceMap, isOwn: (source: string) => boolean): SourceMap {
  const own = map.sources.flatMap((source, at) => (isOwn(source) ? [at] : []));
  const places = new Map(own.map((source, at) => [source, at]));
  const lines = readMappings(map.mappings).map((all) => {
    const kept: Place[] = [];
    for (const [column, source, line, sourceColumn] of all) {
      const last = kept.at(-1);
      const here = places.get(source);
      if (here !== undefined && (last?.[1] !== here || last[2] !== line))
        kept.push([column, here, line, sourceColumn]);
    }
    return kept;
  });
  return {
    version: 3,
    sources: own.map((at) => map.sources[at] ?? ''),
    names: [],
    mappings: writeMappings(lines),
  };
}

function readMappings(mappings: string): Place[][] {
  let source = 0;
  let line = 0;
  let sourceColumn = 0;
  return mappings.split(';').map((text) => {
    let column = 0;
    const places: Place[] = [];
    for (const word of text === '' ? [] : text.split(',')) {
      const [ahead = 0, ...rest] = readNumbers(word);
      column += ahead;
      // A place that is of no source has no more.
      if (rest.length === 0) continue;
      source += rest[0] ?? 0;
      line += rest[1] ?? 0;
      sourceColumn += rest[2] ?? 0;
      places.push([column, source, line, sourceColumn]);
    }
    return places;
  });
}

function writeMappings(lines: readonly Place[][]): string {
  let before: Place = [0, 0, 0, 0];
  return lines
    .map((places) => {
      before = [0, before[1], before[2], before[3]];
      return places
        .map((place) => {
          const word = place.map((value, at) => writeNumber(value - (before[at] ?? 0))).join('');
          before = place;
          return word;
        })
        .join(',');
    })
    .join(';');
}

/** Base 64 VLQ: five bits a digit, the lowest first, the sixth says that more come; the lowest bit of all is the sign. */
function readNumbers(word: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let shift = 0;
  for (const letter of word) {
    const digit = digits.indexOf(letter);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function writeNumber(value: number): string {
  let rest = value < 0 ? (-value << 1) | 1 : value << 1;
  let word = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    word += digits[rest > 0 ? digit | 32 : digit] ?? '';
  } while (rest > 0);
  return word;
}
