import type { Inline, Paragraph } from './nodes.ts';
import { safeLink } from './safe-link.ts';

/** Reads the `markdown` block: standard Markdown, the part of it that a bot writes. */
export function readMarkdown(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let lines: string[] = [];
  let fenced: string[] | null = null;
  const flush = () => {
    if (lines.length > 0)
      paragraphs.push({ kind: 'paragraph', children: readMarkdownInline(lines.join('\n')) });
    lines = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) {
      if (fenced !== null) paragraphs.push({ kind: 'preformatted', text: fenced.join('\n') });
      else flush();
      fenced = fenced === null ? [] : null;
      continue;
    }
    if (fenced !== null) {
      fenced.push(line);
      continue;
    }
    const special = readSpecialLine(line);
    if (special === null && line.trim() !== '') {
      lines.push(line);
      continue;
    }
    flush();
    if (special !== null) paragraphs.push(special);
  }
  flush();
  if (fenced !== null) paragraphs.push({ kind: 'preformatted', text: fenced.join('\n') });
  return paragraphs;
}

function readSpecialLine(line: string): Paragraph | null {
  const heading = /^(#{1,6}) +(.*)$/.exec(line);
  if (heading) {
    return {
      kind: 'heading',
      level: heading[1]?.length ?? 1,
      children: readMarkdownInline(heading[2] ?? ''),
    };
  }
  if (/^ *(?:-{3,}|\*{3,}|_{3,}) *$/.test(line)) return { kind: 'rule' };
  const quote = /^> ?(.*)$/.exec(line);
  if (quote) return { kind: 'quote', children: readMarkdownInline(quote[1] ?? '') };
  const item = /^( *)([-*+]|\d+[.)]) +(.*)$/.exec(line);
  if (!item) return null;
  const marker = /\d/.test(item[2] ?? '') ? (item[2] ?? '') : '•';
  const depth = Math.floor((item[1]?.length ?? 0) / 2);
  return { kind: 'item', marker, depth, children: readMarkdownInline(item[3] ?? '') };
}

const inlinePattern =
  /`([^`\n]+)`|\*\*(?=\S)([^\n]*?\S)\*\*|~~(?=\S)([^\n]*?\S)~~|(?<![\w*])[*_](?=\S)([^*_\n]*?\S)[*_](?!\w)|!?\[([^\]\n]*)\]\(([^)\s]+)\)/g;

function readMarkdownInline(text: string): Inline[] {
  const nodes: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(inlinePattern)) {
    if (match.index > from) nodes.push({ kind: 'text', text: text.slice(from, match.index) });
    nodes.push(readMatch(match));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push({ kind: 'text', text: text.slice(from) });
  return nodes;
}

function readMatch(match: RegExpExecArray): Inline {
  const [whole, code, bold, strike, italic, label, target] = match;
  if (code !== undefined) return { kind: 'code', text: code };
  if (bold !== undefined) return { kind: 'bold', children: readMarkdownInline(bold) };
  if (strike !== undefined) return { kind: 'strike', children: readMarkdownInline(strike) };
  if (italic !== undefined) return { kind: 'italic', children: readMarkdownInline(italic) };
  const url = safeLink(target ?? '');
  return url === null ? { kind: 'text', text: whole } : { kind: 'link', url, label: label || url };
}
