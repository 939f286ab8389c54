import { describe, expect, test } from 'vitest';
import type { Inline, Paragraph } from '#sandbox/page/browser/mrkdwn/nodes.ts';
import { readMarkdown } from '#sandbox/page/browser/mrkdwn/read-markdown.ts';
import { readMrkdwn } from '#sandbox/page/browser/mrkdwn/read-mrkdwn.ts';
import { formatSlackDate } from '#sandbox/page/browser/mrkdwn/slack-date.ts';
import { hostileLink, hostileText } from './world/hostile-blocks.ts';

/** A short notation, so that each case is one line. */
function sketch(paragraphs: Paragraph[]): string {
  return paragraphs
    .map((one) => {
      if (one.kind === 'preformatted') return `pre[${one.text}]`;
      if (one.kind === 'rule') return 'rule';
      return one.kind === 'paragraph' ? inline(one.children) : `${one.kind}[${inline(one.children)}]`;
    })
    .join(' / ');
}

function inline(nodes: Inline[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text;
      if (node.kind === 'code') return `code[${node.text}]`;
      if (node.kind === 'link') return `link[${node.url} ${node.label}]`;
      if (node.kind === 'emoji') return node.character;
      if (node.kind === 'broadcast') return `all[${node.name}]`;
      if (node.kind === 'date') return `date[${node.seconds} ${node.format} ${node.url} ${node.fallback}]`;
      return 'id' in node
        ? `${node.kind}[${node.id}${node.label}]`
        : `${node.kind}[${inline(node.children)}]`;
    })
    .join('');
}

describe('mrkdwn', () => {
  test.each([
    ['*bold* _it_ ~no~ `x*y*`', 'bold[bold] italic[it] strike[no] code[x*y*]'],
    ['*bold _and italic_*', 'bold[bold italic[and italic]]'],
    ['2 * 3 * 4 and snake_case_name', '2 * 3 * 4 and snake_case_name'],
    ['*not closed', '*not closed'],
    ['a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['&gt; quoted\nnot', 'quote[quoted] / not'],
    ['before\n```\na *b*\n```\nafter', 'before / pre[a *b*] / after'],
    ['an open ``` stays', 'an open  / ``` stays'],
    ['<https://a.example/?x=1&amp;y=2|here>', 'link[https://a.example/?x=1&y=2 here]'],
    ['see https://a.example/b.', 'see link[https://a.example/b https://a.example/b].'],
    ['<@U0SAM00001> in <#C0GENERAL1|general>', 'user[U0SAM00001] in channel[C0GENERAL1general]'],
    ['<!channel> <!subteam^S1|@billing>', 'all[channel] usergroup[S1@billing]'],
    ['<!date^1763719200^{date}|then>', 'date[1763719200 {date} null then]'],
    ['<!date^1^{date}^javascript:x|then>', 'date[1 {date} null then]'],
    [':white_check_mark: :unknown_one: 10:30:20', '✅ :unknown_one: 10:30:20'],
    [':constructor: :toString:', ':constructor: :toString:'],
  ])('%s', (text, expected) => {
    expect(sketch(readMrkdwn(text))).toBe(expected);
  });

  test('hostile text stays text', () => {
    expect(sketch(readMrkdwn(`${hostileText} ${hostileLink}`))).toBe(`${hostileText} ${hostileLink}`);
  });

  test('a section’s worth of marks is read in a moment', () => {
    const before = performance.now();
    readMrkdwn('*a '.repeat(400) + '_b '.repeat(400) + '`<'.repeat(300));
    expect(performance.now() - before).toBeLessThan(1500);
  });
});

describe('markdown', () => {
  test.each([
    ['**bold** *it* ~~no~~ `x`', 'bold[bold] italic[it] strike[no] code[x]'],
    ['# Title\ntext', 'heading[Title] / text'],
    ['- one\n- two', 'item[one] / item[two]'],
    ['[a](https://a.example) [b](javascript:x)', 'link[https://a.example a] [b](javascript:x)'],
    ['```\n**raw**\n```', 'pre[**raw**]'],
  ])('%s', (text, expected) => {
    expect(sketch(readMarkdown(text))).toBe(expected);
  });
});

test('dates are written in the reader’s words', () => {
  const now = new Date(2026, 10, 21, 12, 0);
  const seconds = now.getTime() / 1000;
  expect(formatSlackDate(seconds, '{date_short_pretty} at {time}', now)).toBe('today at 12:00');
  expect(formatSlackDate(seconds - 86_400, '{date_pretty}', now)).toBe('yesterday');
  expect(formatSlackDate(seconds - 600, '{ago}', now)).toBe('10 minutes ago');
  expect(formatSlackDate(seconds, '{date_num} {nonsense}', now)).toBe('2026-11-21 {nonsense}');
});
