import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parserOf, type Shape } from '#src/gateways/parse-only.ts';

const shape: Shape = {
  id: true,
  has_more: true,
  data: [{ id: true, price: { id: true, tiers: [{ up_to: true }] }, metadata: true }],
};

/** The same the long way: all of it, and then what is wanted. */
function pick(value: unknown, wanted: Shape): unknown {
  if (wanted === true) return value;
  if (Array.isArray(wanted)) return Array.isArray(value) ? value.map((one) => pick(one, wanted[0])) : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const fields = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, inner]) =>
      Object.hasOwn(fields, name) ? [[name, pick(fields[name], inner)]] : [],
    ),
  );
}

const parse = parserOf(shape);
const read = (text: string) => parse(Buffer.from(text));

/** Whatever JSON there is, often under a name that is wanted. */
const name = fc.oneof(
  fc.constantFrom('id', 'has_more', 'data', 'price', 'tiers', 'up_to', 'metadata', 'di', ''),
  fc.string({ unit: 'grapheme' }),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6 },
    fc.string({ unit: 'grapheme' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 6, noNullPrototype: true }),
  ),
}));

test('of any JSON it makes what JSON.parse makes, less what is not wanted', () => {
  fc.assert(
    fc.property(tree, fc.constantFrom(undefined, 1, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(read(text)).toEqual(pick(JSON.parse(text), shape));
    }),
    { numRuns: 500 },
  );
});

test('texts with quotes, escapes and other alphabets are read whole, and passed over whole', () => {
  const id = 'a "quoted" \\ backslash \n ☃ 日本 \u0000';
  const text = JSON.stringify({ note: id, id, data: [{ name: { deep: [id, '}'] }, id }], has_more: false });
  expect(read(text)).toEqual({ id, data: [{ id }], has_more: false });
  expect(read('{"id":"\\u00e9\\/"}')).toEqual({ id: 'é/' });
});

test.each([
  '',
  '{',
  '{"id"',
  '{"id":',
  '{"id":"x',
  '{"id":"x"',
  '{"data":[',
  '{"data":[{}',
  '{"id":nul}',
  '{"id":01}',
  '[1',
  '{}x',
  '{"id" 1}',
  '{"data":[1 2]}',
  '{"id":1,}',
  '{id:1}',
])('what broke off or is none is refused: %s', (text) => {
  expect(() => read(text)).toThrow(SyntaxError);
});
