import { expect, test } from 'vitest';
import { createPseudonyms } from '#src/export/pseudonyms.ts';
import { scrubJson } from '#src/export/scrub-json.ts';

const words = new Set(['credits', 'grant', 'pro', 'undo', 'stripe', 'price_known']);
const pseudonyms = createPseudonyms(new Uint8Array(32), words);
const commands = [{ name: 'credits grant', positionals: ['email', 'count'], input: { shape: {} } }];
const scrub = { pseudonyms, words, sold: new Set(['price_known']), commands };
const { id, foreign } = pseudonyms;

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

test.each(['price_known', 'pro', 'stripe', ''])('%j says nothing about anybody and stays', (value) => {
  expect(id(value)).toBe(value);
});

test.each([
  ['48213', /^x\w{16}$/],
  ['1984-03-12', /^x\w{16}$/],
  ['1763715600', /^x\w{16}$/],
  ['api:48213', /^api:x\w{16}$/],
  ['12/345/67890', /^x\w{16}\/x\w{16}\/x\w{16}$/],
  ['sofia@firm.com:48213', /^c-\w{20}@example.invalid:x\w{16}$/],
  ['pay:lot_1Abc:settle:3', /^pay:lot_\w{24}:settle:3$/],
  ['card:approval:run_1Abc:12', /^card:approval:run_\w{24}:12$/],
])('digits of %j stay only as a count of what one of our ids names', (value, form) => {
  expect(id(value)).toMatch(form);
});

test('a login that is a word of ours, too, is nobody’s any more', () => {
  expect(foreign('pro')).toMatch(/^x\w{16}$/);
  expect(id('terminal:pro')).toBe(`terminal:${foreign('pro')}`);
  expect(foreign('terminal:pro')).toBe(id('terminal:pro'));
  expect(pseudonyms.name('Lucy')).toMatch(/^Person \w{8}$/);
  expect(pseudonyms.name('Stripe')).toBe('Stripe');
});

test.each([
  ['postal_code', '80331'],
  ['tax', '12/345/67890'],
  ['last4', '4242'],
  ['state', 'bavaria'],
  ['ip', '2001:0:4213:1'],
])('the %s of an address or a card does not stay', (key, value) => {
  const inside = { customer_details: { address: { [key]: value } } };
  expect(scrubJson(JSON.stringify(inside), scrub)).not.toContain(value);
  if (key !== 'state') expect(scrubJson(JSON.stringify({ [key]: value }), scrub)).not.toContain(value);
});

test('days, times, amounts and versions stay where nothing else can stand', () => {
  const facts = {
    expiresAt: '2026-11-21',
    at: '1763715600.000100',
    api_version: '2025-09-30.clover',
    amountMinor: '4900',
    count: '100',
  };
  expect(JSON.parse(scrubJson(JSON.stringify(facts), scrub, 'input'))).toEqual(facts);
  const swapped = { title: '2026-11-21', email: '48213', at: 'Elm Street' };
  expect(Object.values(JSON.parse(scrubJson(JSON.stringify(swapped), scrub)))).not.toContain('48213');
  expect(scrubJson(JSON.stringify(swapped), scrub)).not.toMatch(/2026|Elm/);
});

test.each([
  ['credits grant sofia@firm.com 100', /^credits grant c-\w+@example.invalid 100$/],
  ['credits grant sofia@firm.com 100 --ticket 48213', /^redacted/],
  ['credits grant 48213 100', /^redacted/],
  ['credits 100 grant', /^redacted/],
  ['+49 151 234567', /^redacted/],
  ['4111 1111 1111 1111', /^redacted/],
])('digits of the line %j stay only in a field for numbers', (line, form) => {
  expect(JSON.parse(scrubJson(JSON.stringify({ line }), scrub)).line).toMatch(form);
});

test('what was typed keeps the words that are known, and no others', () => {
  const typed = JSON.stringify({ tier: 'pro', kind: 'bavarian', state: 'anna', name: 'grant' });
  const { tier, ...others } = JSON.parse(scrubJson(typed, scrub, 'input'));
  expect(tier).toBe('pro');
  expect(JSON.stringify(others)).not.toMatch(/bavarian|anna|grant/);
});

test('an id is the same one wherever it stands', () => {
  const cus = id('cus_Nff2x9');
  const scrubbed = scrubJson(
    JSON.stringify({
      customer: 'cus_Nff2x9',
      line: 'credits grant SOFIA@firm.com 100',
      key: 'stripe:cus_Nff2x9',
    }),
    scrub,
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
      scrub,
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
