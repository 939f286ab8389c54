import { expect, test } from 'vitest';
import { createPseudonyms } from '#src/export/pseudonyms.ts';
import { scrubJson } from '#src/export/scrub-json.ts';

const words = new Set(['credits', 'grant', 'pro', 'undo', 'stripe', 'price_known']);
const pseudonyms = createPseudonyms(new Uint8Array(32), words);
const { id } = pseudonyms;

test.each([
  ['cus_Nff2x9', /^cus_[A-Za-z0-9]{24}$/],
  ['sub_sched_1abc', /^sub_sched_[A-Za-z0-9]{24}$/],
  ['run_01kajq8z4n0123456789abcdef', /^run_01kajq8z4n[0-9a-hjkmnp-tv-z]{16}$/],
  ['U012AB3CD', /^U[0-9A-Z]{10}$/],
  ['sofia@firm.com', /^c-[0-9a-f]{20}@example\.invalid$/],
  ['terminal:ada', /^terminal:x[0-9a-hjkmnp-tv-z]{16}$/],
  ['inv:in_1Abc:grant', /^inv:in_[A-Za-z0-9]{24}:grant$/],
  ['ada', /^x[0-9a-hjkmnp-tv-z]{16}$/],
  ['price_unknown', /^price_[A-Za-z0-9]{24}$/],
])('%s keeps its form', (value, form) => {
  expect(id(value)).toMatch(form);
  expect(id(value)).not.toContain(value);
  expect(id(value)).toBe(id(value));
});

test.each([
  'price_known',
  'pro',
  'stripe',
  '2026-11-21',
  '2026-11-21T09:00:00.000Z',
  '2025-09-30.clover',
  '812',
  '1763715600.000100',
  '',
])('%j says nothing about anybody and stays', (value) => {
  expect(id(value)).toBe(value);
});

test('an id is the same one wherever it stands', () => {
  const cus = id('cus_Nff2x9');
  const scrubbed = scrubJson(
    JSON.stringify({
      customer: 'cus_Nff2x9',
      line: 'credits grant SOFIA@firm.com 100',
      key: 'stripe:cus_Nff2x9',
    }),
    { pseudonyms, words },
  );
  expect(scrubbed).toContain(`"customer":"${cus}"`);
  expect(scrubbed).toContain(`"stripe:${cus}"`);
  expect(scrubbed).toContain(`credits grant ${id('sofia@firm.com')} 100`);
});

test('prose becomes as many characters of filler, and what others put in not even keeps its keys', () => {
  const said = 'Sofia lives in Elm Street';
  const scrubbed = JSON.parse(
    scrubJson(
      JSON.stringify({
        title: said,
        amount: 4900,
        livemode: true,
        metadata: { phone: 4_915_112, Sofia: said },
      }),
      { pseudonyms, words },
    ),
  );
  expect(scrubbed.title).toHaveLength(said.length);
  expect(scrubbed).toMatchObject({ amount: 4900, livemode: false });
  expect(Object.keys(scrubbed.metadata)).not.toContain('Sofia');
  expect(Object.values(scrubbed.metadata)).toContain(0);
  expect(JSON.stringify(scrubbed)).not.toMatch(/sofia|elm|4915112/i);
});

test('another key gives other pseudonyms', () => {
  expect(createPseudonyms(new Uint8Array(32).fill(1), words).id('cus_Nff2x9')).not.toBe(id('cus_Nff2x9'));
});
