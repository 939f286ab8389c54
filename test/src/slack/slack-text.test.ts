import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeText, typedText } from '#src/slack/slack-text.ts';

test('what Slack escapes comes back as it was typed', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      expect(typedText(escapeText(typed))).toBe(typed);
    }),
  );
});

test.each([
  ['<mailto:a@b.com|a@b.com>', 'a@b.com'],
  ['<http://firm.com|firm.com>', 'firm.com'],
  ['<https://a.example/x?y=1&amp;z=2>', 'https://a.example/x?y=1&z=2'],
  ['<https://evil.example|good.example>', 'https://evil.example'],
  ['<@U012AB3CD|sam> <#C012AB3CD|general>', 'U012AB3CD C012AB3CD'],
  ['&lt;!channel&gt; &amp;lt;', '<!channel> &lt;'],
])('%s is read as %s', (slackText, typed) => {
  expect(typedText(slackText)).toBe(typed);
});
