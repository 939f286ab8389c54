import { expect, test } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseDuration, SECOND_MS, spanWords } from '#src/core/clock.ts';
import { formatMoney, minorUnits } from '#src/core/money.ts';

test.each([
  ['3s', 3 * SECOND_MS],
  ['15m', 15 * MINUTE_MS],
  ['24h', DAY_MS],
  ['30d', 30 * DAY_MS],
  ['2w', 14 * DAY_MS],
  ['0s', 0],
  ['', null],
  ['1.5h', null],
  ['-1h', null],
  ['h', null],
  ['1y', null],
  ['1h30m', null],
])('%j is %j milliseconds', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  [SECOND_MS, '1 second'],
  [90 * SECOND_MS, '90 seconds'],
  [MINUTE_MS, '1 minute'],
  [90 * MINUTE_MS, '90 minutes'],
  [DAY_MS, '1 day'],
  [36 * HOUR_MS, '36 hours'],
  [30 * DAY_MS, '30 days'],
  [30 * DAY_MS + 1, '31 days'],
  [1_000 * DAY_MS, '1,000 days'],
  [0, '0 seconds'],
])('%i milliseconds are %s', (ms, words) => {
  expect(spanWords(ms)).toBe(words);
});

test.each([
  [49, 'usd', 4_900, '$49.00'],
  [0.29, 'usd', 29, '$0.29'],
  [19.99, 'eur', 1_999, '€19.99'],
  [500, 'jpy', 500, '¥500'],
])('%d %s are %i in minor units', (amount, currency, minor, words) => {
  expect(minorUnits(amount, currency)).toBe(minor);
  expect(formatMoney(minor, currency)).toBe(words);
});
