import { readAngleToken } from './angle-token.ts';
import { emojiFor } from './emoji.ts';
import { decodeEntities } from './entities.ts';
import type { Inline } from './nodes.ts';
import { safeLink } from './safe-link.ts';

const emphasis: Record<string, 'bold' | 'italic' | 'strike'> = { '*': 'bold', _: 'italic', '~': 'strike' };

type Piece = { node: Inline; end: number };

/** Reads Slack's mrkdwn within one paragraph. */
export function readInline(text: string): Inline[] {
  const nodes: Inline[] = [];
  let plainFrom = 0;
  let at = 0;
  while (at < text.length) {
    const piece = readPiece(text, at);
    if (piece === null) {
      at += 1;
      continue;
    }
    pushText(nodes, text.slice(plainFrom, at));
    nodes.push(piece.node);
    at = piece.end;
    plainFrom = at;
  }
  pushText(nodes, text.slice(plainFrom));
  return nodes;
}

function pushText(nodes: Inline[], raw: string): void {
  if (raw !== '') nodes.push({ kind: 'text', text: decodeEntities(raw) });
}

function readPiece(text: string, at: number): Piece | null {
  const character = text[at] ?? '';
  if (character === '`') return readCode(text, at);
  if (character === '<') return readAngle(text, at);
  if (character === ':') return readEmoji(text, at);
  if (character === 'h') return readBareLink(text, at);
  return character in emphasis ? readEmphasis(text, at) : null;
}

function readCode(text: string, at: number): Piece | null {
  const close = text.indexOf('`', at + 1);
  const inside = text.slice(at + 1, close);
  if (close < 0 || inside === '' || inside.includes('\n')) return null;
  return { node: { kind: 'code', text: decodeEntities(inside) }, end: close + 1 };
}

function readAngle(text: string, at: number): Piece | null {
  const close = text.indexOf('>', at + 1);
  if (close < 0) return null;
  const node = readAngleToken(text.slice(at + 1, close));
  return node === null ? null : { node, end: close + 1 };
}

function readEmoji(text: string, at: number): Piece | null {
  const name = /^:([a-z0-9_+-]{1,40}):/.exec(text.slice(at, at + 42))?.[1];
  const character = name === undefined ? null : emojiFor(name);
  if (name === undefined || character === null) return null;
  return { node: { kind: 'emoji', character, name }, end: at + name.length + 2 };
}

function readBareLink(text: string, at: number): Piece | null {
  if (isWord(text[at - 1])) return null;
  const raw = /^https?:\/\/[^\s<>|]+/
    .exec(text.slice(at, at + 2000))?.[0]
    ?.replace(/[.,;:!?)*_~`'"\]]+$/, '');
  const url = raw === undefined ? null : safeLink(decodeEntities(raw));
  if (raw === undefined || url === null) return null;
  return { node: { kind: 'link', url, label: url }, end: at + raw.length };
}

/** `*` means bold only around words: `2 * 3 * 4` and `snake_case_name` stay as they are. */
function readEmphasis(text: string, at: number): Piece | null {
  const mark = text[at] ?? '';
  const kind = emphasis[mark];
  const next = text[at + 1];
  if (kind === undefined || isWord(text[at - 1]) || next === undefined || /\s/.test(next) || next === mark) {
    return null;
  }
  for (let close = at + 2; close < text.length && text[close] !== '\n'; close += 1) {
    if (text[close] === '`' || text[close] === '<') {
      const inner = readPiece(text, close);
      if (inner !== null) close = inner.end - 1;
      continue;
    }
    if (text[close] !== mark || /\s/.test(text[close - 1] ?? ' ') || isWord(text[close + 1])) continue;
    return { node: { kind, children: readInline(text.slice(at + 1, close)) }, end: close + 1 };
  }
  return null;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
