import { decodeEntities } from './entities.ts';
import type { Paragraph } from './nodes.ts';
import { readInline } from './read-inline.ts';

/** Reads Slack's mrkdwn: preformatted pieces first, then quotes and paragraphs by line. */
export function readMrkdwn(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  text.split('```').forEach((piece, index, pieces) => {
    const isClosed = index % 2 === 1 && index < pieces.length - 1;
    if (isClosed) {
      paragraphs.push({ kind: 'preformatted', text: decodeEntities(trimLines(piece)) });
    } else if (piece.trim() !== '') {
      paragraphs.push(...readLines(index % 2 === 1 ? `\`\`\`${piece}` : trimLines(piece)));
    }
  });
  return paragraphs;
}

function trimLines(text: string): string {
  return text.replace(/^\n/, '').replace(/\n$/, '');
}

const quoteMark = /^(?:>|&gt;) ?/;

function readLines(text: string): Paragraph[] {
  const runs: { isQuote: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const isQuote = quoteMark.test(line);
    const last = runs.at(-1);
    const content = isQuote ? line.replace(quoteMark, '') : line;
    if (last?.isQuote === isQuote) last.lines.push(content);
    else runs.push({ isQuote, lines: [content] });
  }
  return runs.map((run) => ({
    kind: run.isQuote ? 'quote' : 'paragraph',
    children: readInline(run.lines.join('\n')),
  }));
}
