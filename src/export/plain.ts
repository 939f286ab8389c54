/**
 * A day, a moment, a version of Stripe's API, an amount, a count, or milliseconds and Slack's seconds of these years. It says
 * nothing about anybody where our code or Stripe wrote it; elsewhere it is a birthday, a telephone or a card.
 */
export function isPlain(value: string): boolean {
  return plain.test(value);
}

/** Keys of JSON, and fields of commands, in which only such a value can stand. */
export function isPlainKey(key: string): boolean {
  return plainKey.test(key) || plainKeys.has(key);
}

const plain =
  /^(\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?|\d{4}-\d\d-\d\d\.[a-z]{3,12}|[-+]?\d{1,6}(\.\d{1,2})?|1[6-9]\d{8}(\.\d{6})?|1[6-9]\d{11})$/;

const plainKey = /(_at|At|_decimal|Minor)$|^(amount|period)/;
const plainKeys = new Set(
  'at ts api_version balance count created credits days expires incident limit page quantity since step until'.split(
    ' ',
  ),
);
