import { decodeEntities } from './entities.ts';
import type { Inline } from './nodes.ts';
import { safeLink } from './safe-link.ts';

/** Reads what stands between `<` and `>`: a mention, a date or a link. Null when it is none of these. */
export function readAngleToken(token: string): Inline | null {
  const bar = token.indexOf('|');
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? '' : decodeEntities(token.slice(bar + 1));
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { kind: 'user', id: target.slice(1), label };
  if (/^#[CG][A-Z0-9]+$/.test(target)) return { kind: 'channel', id: target.slice(1), label };
  if (target.startsWith('!')) return readSpecial(target.slice(1), label);
  const url = safeLink(decodeEntities(target));
  return url === null ? null : { kind: 'link', url, label: label || url.replace(/^mailto:/, '') };
}

function readSpecial(target: string, label: string): Inline | null {
  if (target === 'channel' || target === 'here' || target === 'everyone') {
    return { kind: 'broadcast', name: target };
  }
  const [word, first, second, third] = target.split('^');
  if (word === 'subteam' && first) return { kind: 'usergroup', id: first, label };
  if (word !== 'date' || !/^\d{1,11}$/.test(first ?? '') || !second) return null;
  const url = third ? safeLink(decodeEntities(third)) : null;
  return { kind: 'date', seconds: Number(first), format: decodeEntities(second), url, fallback: label };
}
