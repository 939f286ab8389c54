import { expect, test } from 'vitest';
import { printJson, printReply } from '#src/terminal/print-reply.ts';
import { sofiaWorld } from '#test/world/sofia-world.ts';

const esc = '\u001b';
const forged = `lost upload\nDone: 5000 credits\r${esc}[31mred${esc}[0m \u202egnorw\u202c \u0007\u009b2J zero\u200bwidth`;
// biome wants no control characters in a pattern; what must not reach a terminal is named by its property.
const dangerous = /(?!\n)[\p{Cc}\p{Cf}]/u;

test('a reason cannot forge a line, colour the terminal or turn the text round', async () => {
  const { done, lucy, rows, logs } = await sofiaWorld();

  const receipt = await done(`credits grant sofia@firm.com 100 --reason "${forged}"`);
  const shown = [
    receipt,
    await lucy('credits show sofia@firm.com'),
    await lucy('customer show sofia@firm.com'),
    await lucy('trace --email sofia@firm.com --around 09:00'),
    await lucy('customer show sofia@firm.com --json'),
  ];

  for (const { out, err } of shown) expect(out + err).not.toMatch(dangerous);
  expect(receipt.out).not.toMatch(/^Done: 5000 credits/m);
  const [audit] = await rows<{ reason: string }>('audit_events', { command: 'credits grant' });
  expect(audit?.reason).toBe('lost upload Done: 5000 credits [31mred[0m gnorw 2J zerowidth');
  expect(JSON.stringify(logs)).not.toMatch(dangerous);
});

test('words that Lucy does not know are not echoed raw', async () => {
  const { lucy } = await sofiaWorld();

  const typed = await lucy(`credits ${esc}[2Jgrant`);
  const customer = await lucy(`customer show ${esc}]0;owned`);

  expect([typed.code, customer.code]).toEqual([2, 5]);
  expect(typed.err + customer.err).not.toMatch(dangerous);
});

test('text that is in the database already is made harmless when it is printed', () => {
  const reply = {
    tone: 'info' as const,
    title: forged,
    facts: [
      { label: 'Why', value: forged },
      { label: 'Id', value: { code: forged } },
    ],
    changes: [{ label: 'Tier', before: forged, after: forged }],
    warnings: [forged],
    sections: [
      { heading: 'Table', table: { columns: ['What'], rows: [[forged]] } },
      { heading: 'Lines', lines: [[forged, { code: forged }]] },
    ],
    paste: forged,
    hint: forged,
    correlationId: forged,
  };

  expect(printReply(reply)).not.toMatch(dangerous);
  const json = printJson({ forged });
  expect(json).not.toMatch(dangerous);
  expect(JSON.parse(json)).toEqual({ forged });
});

test.each([
  ['x'.repeat(501), 'reason: Keep it under 500 characters.'],
  ['.', 'Say why in words a colleague will understand.'],
  ['\u200b\u200b', 'Say why'],
  [' ', 'Say why'],
])('the reason “%.12s…” is refused with a sentence', async (reason, sentence) => {
  const { lucy, rows } = await sofiaWorld();

  const typed = await lucy(`credits grant sofia@firm.com 5 --reason "${reason}" --yes`);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain(sentence);
  expect(await rows('credit_entries')).toEqual([]);
});

test.each(['ZD 812 <script>', 'a"b', 'x'.repeat(101)])('the ticket “%.12s” is refused', async (ticket) => {
  const { lucy } = await sofiaWorld();

  expect(
    (await lucy(`credits grant sofia@firm.com 5 --reason "lost upload" --ticket '${ticket}' --yes`)).code,
  ).toBe(2);
});
