import { expect, test } from 'vitest';
import { formatMoney, fractionDigits, minorUnits } from '#src/core/money.ts';
import { readTypedAmount, typedMinorUnits } from '#src/core/typed-amount.ts';

test.each([
  ['49', { decimal: '49', currency: null }],
  ['49.00', { decimal: '49.00', currency: null }],
  ['1,000.50', { decimal: '1000.50', currency: null }],
  ['1,000,000', { decimal: '1000000', currency: null }],
  [' 49 ', { decimal: '49', currency: null }],
  ['49 usd', { decimal: '49', currency: 'usd' }],
  ['EUR 20.5', { decimal: '20.5', currency: 'eur' }],
  ['20eur', { decimal: '20', currency: 'eur' }],
  ['$49', { decimal: '49', currency: 'usd' }],
  ['49 €', { decimal: '49', currency: 'eur' }],
  ['¥500', { decimal: '500', currency: 'jpy' }],
  ['$49 USD', { decimal: '49', currency: 'usd' }],
  ['0.01', { decimal: '0.01', currency: null }],
])('“%s” is an amount', (text, amount) => {
  expect(readTypedAmount(text)).toEqual(amount);
});

test.each([
  ['nothing', ''],
  ['a word', 'all'],
  ['a decimal comma', '49,00'],
  ['a European thousand', '1.000,50'],
  ['a misplaced comma', '10,00.50'],
  ['a comma without its thousand', '1,'],
  ['a bare point', '49.'],
  ['a leading point', '.50'],
  ['a sign', '-49'],
  ['a plus', '+49'],
  ['zero', '0'],
  ['zero with decimals', '0.00 usd'],
  ['two currencies', '€49 usd'],
  ['a dollar that is another one', '$49 cad'],
  ['a power', '4e9'],
  ['hexadecimal', '0x10'],
  ['two numbers', '49 50'],
  ['other digits', '٤٩'],
  ['more digits than there is money', '1234567890123'],
])('%s is none: “%s”', (_why, text) => {
  expect(readTypedAmount(text)).toBeNull();
});

test.each([
  ['49', 'usd', 4_900],
  ['49.5', 'usd', 4_950],
  // Fractions would make 1998.9999999999998 and 28.999999999999996 of these.
  ['19.99', 'usd', 1_999],
  ['0.29', 'usd', 29],
  ['1000.50', 'EUR', 100_050],
  ['500', 'jpy', 500],
  ['5.12', 'kwd', 5_120],
  ['5', 'isk', 500],
  ['5', 'ugx', 500],
  ['999999999999', 'usd', 99_999_999_999_900],
])('%s %s are %i in minor units', (decimal, currency, minor) => {
  expect(typedMinorUnits({ decimal, currency: null }, currency)).toBe(minor);
});

test.each([
  ['49.999', 'usd'],
  ['49.990', 'usd'],
  ['500.5', 'jpy'],
  ['500.0', 'jpy'],
  // Stripe counts thousandths and takes whole tens of them only.
  ['5.124', 'kwd'],
  ['5.5', 'isk'],
])('%s %s is finer than Stripe goes', (decimal, currency) => {
  expect(typedMinorUnits({ decimal, currency: null }, currency)).toBeNull();
});

test.each([
  [4_900, 'usd', '$49.00'],
  [123_456, 'eur', '€1,234.56'],
  [500, 'jpy', '¥500'],
  [5_120, 'kwd', 'KWD 5.120'],
  [500, 'isk', 'ISK 5.00'],
])('%i %s reads %s', (minor, currency, text) => {
  expect(formatMoney(minor, currency).replace(/\u00a0/g, ' ')).toBe(text);
});

test('what is written in the settings in major units comes to the same minor units', () => {
  expect([minorUnits(500, 'usd'), minorUnits(75_000, 'jpy'), minorUnits(5, 'kwd')]).toEqual([
    50_000, 75_000, 5_000,
  ]);
  expect([
    fractionDigits('USD'),
    fractionDigits('JPY'),
    fractionDigits('KWD'),
    fractionDigits('ISK'),
  ]).toEqual([2, 0, 3, 2]);
});
