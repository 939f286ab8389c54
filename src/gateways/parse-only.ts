/** What to read of a JSON value: `true` all of it, of an object these fields, of a list this of each entry. */
export type Shape = true | { [name: string]: Shape } | [Shape];

type Wanted =
  | { kind: 'all' }
  | { kind: 'each'; entry: Wanted }
  /** By the length of the name, so that most names are passed over by their length alone. */
  | { kind: 'fields'; byLength: (Field[] | undefined)[] };

type Field = { name: string; bytes: Uint8Array; wanted: Wanted };

const [TAB_TO_SPACE, QUOTE, COMMA, ZERO, NINE, COLON, BACKSLASH] = [0x20, 0x22, 0x2c, 0x30, 0x39, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];
const [SMALL_F, SMALL_N, SMALL_T] = [0x66, 0x6e, 0x74];
/** The bit between `[` and `{`, and between `]` and `}`. */
const BRACE = 0x20;
const NO_BYTE = -1;

/** Where reading stands, and what was read last. */
type Reader = { data: Buffer; at: number; value: unknown };

/**
 * Reads JSON text as `JSON.parse` does, but makes only what is wanted of it: of a page of Stripe's lists a tenth, for half
 * the time and nearly no garbage. What is passed over is taken to be JSON. Names with escapes are nobody's.
 */
export function parserOf(shape: Shape): (data: Buffer) => unknown {
  const wanted = prepare(shape);
  return (data) => {
    const reader: Reader = { data, at: afterSpace(data, 0), value: undefined };
    readValue(reader, wanted);
    if (afterSpace(data, reader.at) !== data.length) throw broken(reader.at);
    return reader.value;
  };
}

function prepare(shape: Shape): Wanted {
  if (shape === true) return { kind: 'all' };
  if (Array.isArray(shape)) return { kind: 'each', entry: prepare(shape[0]) };
  const fields = Object.entries(shape).map(
    ([name, inner]): Field => ({ name, bytes: Buffer.from(name), wanted: prepare(inner) }),
  );
  const longest = Math.max(0, ...fields.map(({ bytes }) => bytes.length));
  const byLength = Array.from({ length: longest + 1 }, (_none, length) =>
    fields.filter(({ bytes }) => bytes.length === length),
  ).map((same) => (same.length > 0 ? same : undefined));
  return { kind: 'fields', byLength };
}

function readValue(reader: Reader, wanted: Wanted): void {
  const { data, at } = reader;
  const first = data[at];
  if (wanted.kind === 'fields' && first === OPEN) readFields(reader, wanted.byLength);
  else if (wanted.kind === 'each' && first === OPEN_LIST) readEach(reader, wanted.entry);
  else {
    const end = endOfValue(data, at);
    reader.value = first === QUOTE ? textOf(data, at, end) : plainOf(data, at, end);
    reader.at = end;
  }
}

function readFields(reader: Reader, byLength: readonly (Field[] | undefined)[]): void {
  const { data } = reader;
  const made: Record<string, unknown> = {};
  let at = afterSpace(data, reader.at + 1);
  let isOver = data[at] === CLOSE;
  while (!isOver) {
    if (data[at] !== QUOTE) throw broken(at);
    const end = endOfText(data, at);
    const candidates = byLength[end - at - 2];
    const field = candidates && fieldOf(data, candidates, at + 1);
    at = afterSpace(data, end);
    if (data[at] !== COLON) throw broken(at);
    at = afterSpace(data, at + 1);
    if (field === undefined) {
      at = endOfValue(data, at);
    } else {
      reader.at = at;
      readValue(reader, field.wanted);
      made[field.name] = reader.value;
      at = reader.at;
    }
    at = afterSpace(data, at);
    isOver = data[at] === CLOSE;
    if (!isOver && data[at] !== COMMA) throw broken(at);
    if (!isOver) at = afterSpace(data, at + 1);
  }
  reader.at = at + 1;
  reader.value = made;
}

function readEach(reader: Reader, entry: Wanted): void {
  const { data } = reader;
  const made: unknown[] = [];
  let at = afterSpace(data, reader.at + 1);
  let isOver = data[at] === CLOSE_LIST;
  while (!isOver) {
    reader.at = at;
    readValue(reader, entry);
    made.push(reader.value);
    at = afterSpace(data, reader.at);
    isOver = data[at] === CLOSE_LIST;
    if (!isOver && data[at] !== COMMA) throw broken(at);
    if (!isOver) at = afterSpace(data, at + 1);
  }
  reader.at = at + 1;
  reader.value = made;
}

function fieldOf(data: Buffer, candidates: readonly Field[], at: number): Field | undefined {
  for (const field of candidates) if (isAt(data, field.bytes, at)) return field;
  return undefined;
}

function isAt(data: Buffer, bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== data[at + index]) return false;
  return true;
}

function textOf(data: Buffer, at: number, end: number): string {
  for (let index = at + 1; index < end - 1; index++) {
    const byte = data[index] ?? NO_BYTE;
    if (byte === BACKSLASH || byte > 0x7f) return JSON.parse(data.toString('utf8', at, end));
  }
  return data.toString('latin1', at + 1, end - 1);
}

/** What is no text: nearly always a word or a whole number; the rest is `JSON.parse`’s. */
function plainOf(data: Buffer, at: number, end: number): unknown {
  const first = data[at];
  if (first === SMALL_N && end - at === 4) return null;
  if (first === SMALL_T && end - at === 4) return true;
  if (first === SMALL_F && end - at === 5) return false;
  let whole = 0;
  for (let index = at; index < end && end - at <= 15; index++) {
    const byte = data[index] ?? NO_BYTE;
    if (byte < ZERO || byte > NINE) break;
    whole = whole * 10 + byte - ZERO;
    if (index === end - 1 && (first !== ZERO || end - at === 1)) return whole;
  }
  return JSON.parse(data.toString('utf8', at, end));
}

function endOfValue(data: Buffer, start: number): number {
  const first = data[start];
  if (first === QUOTE) return endOfText(data, start);
  let at = start;
  if (first !== OPEN && first !== OPEN_LIST) {
    for (; at < data.length; at++) {
      const byte = data[at] ?? NO_BYTE;
      if (byte === COMMA || byte === CLOSE || byte === CLOSE_LIST || byte <= TAB_TO_SPACE) break;
    }
    return at;
  }
  for (let depth = 0; at < data.length; at++) {
    const byte = data[at] ?? NO_BYTE;
    if (byte === QUOTE) {
      at++;
      while (data[at] !== QUOTE && at < data.length) at += data[at] === BACKSLASH ? 2 : 1;
    } else if ((byte | BRACE) === OPEN) depth++;
    else if ((byte | BRACE) === CLOSE && --depth === 0) return at + 1;
  }
  throw new SyntaxError('The JSON text ends in the middle');
}

function endOfText(data: Buffer, start: number): number {
  for (let at = start + 1; at < data.length; at++) {
    const byte = data[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  throw new SyntaxError('The JSON text ends in the middle');
}

function afterSpace(data: Buffer, start: number): number {
  let at = start;
  while (at < data.length && (data[at] ?? NO_BYTE) <= TAB_TO_SPACE) at++;
  return at;
}

function broken(at: number): SyntaxError {
  return new SyntaxError(`The JSON text is broken at byte ${at}`);
}
