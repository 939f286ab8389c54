import type { Sql } from '#db/connection.ts';
import { listStuckHeads } from '#db/outbox.ts';
import type { Announcer } from './announcer.ts';
import { UNSURE } from './footnote.ts';

export type PostsHealth = { state: 'ok' | 'degraded'; detail: string };

/**
 * Where posts do not arrive, from the rows: the same for every process whoever tried, and gone when the message went
 * out or was given up. Null when nothing is stuck.
 */
export async function readStuckPosts(
  sql: Sql,
  announcer: Pick<Announcer, 'nameOf'>,
): Promise<PostsHealth | null> {
  const stuck = await listStuckHeads(sql, 20);
  if (stuck.length === 0) return null;
  const said = stuck.map(({ target, error }) => `${announcer.nameOf(target)}: ${error.replace(UNSURE, '')}`);
  return { state: 'degraded', detail: `Posts do not arrive in ${said.join('; ')}.` };
}
