import type { ResponseUrl, World } from './world.ts';

/** 5 uses within 30 minutes (slack-facts section 5). */
const maxUses = 5;
const lifeMs = 30 * 60_000;

type Source = Pick<ResponseUrl, 'user' | 'channel' | 'original'>;

/** The tail of a new response URL. */
export function makeResponseUrl(world: World, source: Source): string {
  const tail = world.sequence.tail('response');
  world.responseUrls.set(tail, { ...source, madeAt: world.now(), uses: 0 });
  return tail;
}

/** The URL behind a tail, still usable; or the word with which Slack's 404 refuses it. */
export function openResponseUrl(
  world: World,
  tail: string,
): ResponseUrl | 'used_url' | 'expired_url' | 'not_found' {
  const found = world.responseUrls.get(tail);
  if (!found) return 'not_found';
  if (world.now() - found.madeAt > lifeMs) return 'expired_url';
  if (found.uses >= maxUses) return 'used_url';
  return found;
}
