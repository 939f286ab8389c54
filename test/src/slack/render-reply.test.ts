import fc from 'fast-check';
import { expect, test } from 'vitest';
import { refusalOfMessageBlocks } from '#sandbox/slack/block-kit/check-message.ts';
import { checkView } from '#sandbox/slack/block-kit/check-view.ts';
import type { Reply, Value } from '#src/replies/reply.ts';
import { replyView } from '#src/slack/forms/reply-view.ts';
import { renderReply } from '#src/slack/render/render-reply.ts';

const hostile = [
  '<!channel>',
  '<!here> <!everyone>',
  '<!subteam^S0BILLING1>',
  '<@U0BEA00001>',
  '<#C0GENERAL1>',
  '<https://evil.example|Approve>',
  '<!date^0^{date}^https://evil.example|now>',
  '```\nout of the box\n```',
  '`code` *bold* _it_ ~no~',
  '\u202Egnp.exe',
  'a\u0000b\u001b[31mc',
  '&lt;!channel&gt;',
  '👩‍👩‍👧‍👦'.repeat(800),
  '\n'.repeat(300),
  '',
];

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...hostile) },
  { weight: 6, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9_000 }).map((length) => 'long '.repeat(length / 5)) },
);
const value: fc.Arbitrary<Value> = fc.oneof(
  text,
  fc.record({ at: fc.integer({ min: 0, max: 4_000_000_000_000 }) }),
  fc.record({ code: text }),
);
const upTo = <T>(arbitrary: fc.Arbitrary<T>, maxLength: number) =>
  fc.array(arbitrary, { maxLength, size: '+1' });
/** Run ids are Lucy’s own, never foreign text. */
const runId = fc.constant('run_01m7z0tbgaj1paf8qv3ffqejff');
const row = fc.array(value, { maxLength: 30 });
const reply: fc.Arbitrary<Reply> = fc.record(
  {
    tone: fc.constantFrom('done', 'info', 'preview', 'warning', 'refused'),
    title: text,
    facts: upTo(fc.record({ label: text, value }), 60),
    changes: upTo(fc.record({ label: text, before: text, after: text }), 40),
    sections: upTo(
      fc.record(
        {
          heading: text,
          lines: upTo(row, 120),
          table: fc.record({
            columns: fc.array(text, { minLength: 1, maxLength: 30 }),
            rows: upTo(row, 120),
          }),
          empty: text,
        },
        { requiredKeys: ['heading'] },
      ),
      14,
    ),
    warnings: upTo(text, 20),
    hint: text,
    paste: text,
    correlationId: fc.oneof(text, fc.constant('cor_01m7z0tbgaj1paf8qv3ffqejff')),
    mentions: fc.record({ users: upTo(text, 4), groups: upTo(text, 4) }),
    buttons: upTo(
      fc.oneof(
        fc.record({ kind: fc.constant('command' as const), label: text, line: text }),
        fc.record({ kind: fc.constant('confirm' as const), label: text, runId, isDanger: fc.boolean() }),
        fc.record({ kind: fc.constant('cancel' as const), label: text, runId }),
      ),
      40,
    ),
  },
  { requiredKeys: ['tone', 'title'] },
);

test('whatever a reply contains, Slack takes it as a message and as a modal', () => {
  fc.assert(
    fc.property(reply, (anything) => {
      const message = renderReply(anything, {
        surface: 'message',
        line: 'credits show',
        footnote: anything.title,
      });
      expect(refusalOfMessageBlocks(message.blocks)).toBeNull();
      expect(message.text.length).toBeGreaterThan(0);
      expect(Array.from(message.text).length).toBeLessThanOrEqual(4_000);
      expect(checkView(replyView(anything, 'credits show'), ['modal'])).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('the largest reply that can be is cut down and still says what it is about', () => {
  const long = 'x'.repeat(5_000);
  const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
  const table = { columns: many(25, long), rows: many(300, many(25, long)) };

  const { blocks } = renderReply({
    tone: 'warning',
    title: 'Everything at once',
    warnings: many(20, long),
    facts: many(60, { label: long, value: long }),
    changes: many(40, { label: long, before: long, after: long }),
    sections: [
      ...many(10, { heading: long, table }),
      ...many(10, { heading: long, lines: many(300, [long]) }),
    ],
    paste: long,
    hint: long,
    buttons: many(40, { kind: 'command', label: long, line: 'help' }),
    correlationId: 'cor_1',
  });

  expect(refusalOfMessageBlocks(blocks)).toBeNull();
  expect(JSON.stringify(blocks)).toContain('Everything at once');
  expect(JSON.stringify(blocks)).toContain('Correlation ID');
  expect(JSON.stringify(blocks)).toContain('more lines');
});

/** Every text that Slack parses: mrkdwn objects and the top-level text. Rich text and plain text are not parsed. */
function parsedTexts(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(parsedTexts);
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && node.type === 'mrkdwn' && 'text' in node ? [String(node.text)] : [];
  return [...own, ...Object.values(node).flatMap(parsedTexts)];
}

/** Kinds of rich text pieces that notify or link. */
function liveTypes(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(liveTypes);
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node ? [String(node.type)] : [];
  return [...own, ...Object.values(node).flatMap(liveTypes)].filter((type) =>
    ['broadcast', 'user', 'usergroup', 'channel', 'link'].includes(type),
  );
}

test('no text, however hostile, becomes a mention, a link, or leaves its box', () => {
  fc.assert(
    fc.property(reply, (anything) => {
      const { text: notification, blocks } = renderReply(anything);
      for (const parsed of [notification, ...parsedTexts(blocks)]) expect(parsed).not.toMatch(/[<>]/);
      expect(liveTypes(blocks)).toEqual([]);
      for (const parsed of parsedTexts(blocks))
        expect(parsed).toMatch(/^Correlation ID `[A-Za-z0-9._:/+=-]+`$/);
      expect(JSON.stringify(blocks)).not.toMatch(/\\u0000|\\u001b|\u202e/i);
    }),
    { numRuns: 40 },
  );
});

test('what is left out is said, with where all of it can be read', () => {
  const rows = Array.from({ length: 90 }, (_, index) => [
    `entry ${index}`,
    'a reason of some length to fill the line',
  ]);

  const { blocks } = renderReply(
    {
      tone: 'info',
      title: 'Many',
      sections: [{ heading: 'Entries', table: { columns: ['What', 'Why'], rows } }],
    },
    { surface: 'message', line: 'credits show sofia@firm.com' },
  );

  expect(JSON.stringify(blocks)).toMatch(
    /… \d+ more lines; see all of them in the terminal: lucy credits show sofia@firm.com/,
  );
});

test('a moment is shown in the reader’s own time, with UTC where that cannot be', () => {
  const { blocks } = renderReply({
    tone: 'info',
    title: 'Grace',
    facts: [{ label: 'Until', value: { at: Date.UTC(2026, 10, 21, 9, 30) } }],
  });

  expect(JSON.stringify(blocks)).toContain(
    '{"type":"date","timestamp":1795253400,"format":"{date_short_pretty} at {time}","fallback":"2026-11-21 09:30 UTC"}',
  );
});

test('one table is a table block in a message; in a modal or beside another one, each row is a line that names its columns', () => {
  const table = {
    columns: ['Tier', 'Credits', 'Note', 'Since'],
    rows: [
      ['pro', '500', '', { at: Date.UTC(2026, 10, 21, 9, 30) }],
      [{ code: 'free' }, '0', 'line one\nline two', '–'],
    ],
  };
  const one: Reply = { tone: 'info', title: 'One', sections: [{ heading: 'Plans', table }] };
  const two: Reply = {
    ...one,
    sections: [
      { heading: 'Plans', table },
      { heading: 'Others', table },
    ],
  };

  const types = (blocks: { type: string }[]) => blocks.map((block) => block.type);

  expect(types(renderReply(one).blocks)).toContain('table');
  expect(types(renderReply(one, { surface: 'modal' }).blocks)).not.toContain('table');
  expect(types(renderReply(two).blocks)).not.toContain('table');
  expect(read(renderReply(two).blocks)).toContain(
    'Plans\n• *pro* · Credits: 500 · Since: 2026-11-21 09:30 UTC\n• *free* · Credits: 0 · Note: line one line two',
  );
});

/** Rich text as a person reads it: bold between stars, moments by their fallback. */
function read(blocks: unknown): string {
  if (Array.isArray(blocks)) return blocks.map(read).join('');
  if (typeof blocks !== 'object' || blocks === null) return '';
  if ('fallback' in blocks) return String(blocks.fallback);
  if ('elements' in blocks) return read(blocks.elements);
  if (!('text' in blocks) || typeof blocks.text !== 'string') return '';
  const { text } = blocks;
  return 'style' in blocks && JSON.stringify(blocks.style).includes('"bold":true') && text !== 'Plans'
    ? `*${text}*`
    : text;
}

test('a moment within a sentence is in the reader’s time zone as well, wherever it stands, and no other number is', () => {
  const { text, blocks } = renderReply({
    tone: 'preview',
    title: 'Give sofia@firm.com until 2026-11-23 18:49 UTC to pay',
    warnings: ['They had until 2026-11-22 18:49 UTC.'],
    changes: [{ label: 'Grace', before: 'until 2026-11-22 18:49 UTC', after: 'until 2026-99-99 99:99 UTC' }],
    paste: 'until 2026-11-23 18:49 UTC',
  });

  const dates = JSON.stringify(blocks).match(/"fallback":"[^"]+"/g);
  expect(text).toContain('2026-11-23 18:49 UTC');
  expect(dates).toEqual([
    '"fallback":"2026-11-23 18:49 UTC"',
    '"fallback":"2026-11-22 18:49 UTC"',
    '"fallback":"2026-11-22 18:49 UTC"',
  ]);
  expect(JSON.stringify(blocks)).toContain('"text":"2026-99-99 99:99 UTC"');
  // What is pasted into a ticket is read elsewhere.
  expect(JSON.stringify(blocks)).toContain('"text":"until 2026-11-23 18:49 UTC"');
});

const approval: Reply = {
  tone: 'waiting',
  title: 'Sam asks to refund €49.00 to <!channel>.',
  mentions: { groups: ['S0BILLING1'], users: ['U0OLU00001', 'W0BEA00001'] },
};

test('those whom a reply calls are called at its top and in its text, by their ids and nothing else', () => {
  const { text: notification, blocks } = renderReply(approval);

  expect(notification).toBe(
    '<!subteam^S0BILLING1> <@U0OLU00001> <@W0BEA00001> Sam asks to refund €49.00 to &lt;!channel&gt;.',
  );
  expect(refusalOfMessageBlocks(blocks)).toBeNull();
  expect(blocks[0]).toEqual({
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'usergroup', usergroup_id: 'S0BILLING1' },
          { type: 'text', text: ' ' },
          { type: 'user', user_id: 'U0OLU00001' },
          { type: 'text', text: ' ' },
          { type: 'user', user_id: 'W0BEA00001' },
        ],
      },
    ],
  });
});

test('nobody is called in a window or on Home, nor by what is no id', () => {
  for (const surface of ['modal', 'home'] as const) {
    const { text: notification, blocks } = renderReply(approval, { surface });
    expect(notification).not.toContain('<');
    expect(liveTypes(blocks)).toEqual([]);
  }
  const forged = ['<!channel>', 'channel', 'U0BEA> <!here', 'u0bea00001', 'S0BILLING1', '', 'C0SUPPORT1'];
  const { text: notification, blocks } = renderReply({
    ...approval,
    mentions: { users: forged, groups: ['U0BEA00001', 'S0 1', 'S0BILLING1|x'] },
  });
  expect(notification).not.toContain('<');
  expect(liveTypes(blocks)).toEqual([]);
});

test('a crowd is not called one by one, and nobody twice', () => {
  const users = Array.from({ length: 300 }, (_, index) => `U0PERSON${index % 200}`);
  const { text: notification, blocks } = renderReply({
    ...approval,
    title: '&'.repeat(2_000),
    mentions: { groups: ['S0BILLING1', 'S0BILLING1'], users },
  });

  expect(liveTypes(blocks)).toHaveLength(10);
  expect(liveTypes(blocks).filter((type) => type === 'usergroup')).toHaveLength(1);
  // chat.update refuses more.
  expect(Array.from(notification).length).toBeLessThanOrEqual(4_000);
});
