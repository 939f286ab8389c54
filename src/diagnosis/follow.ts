import type { Sql } from '#db/connection.ts';
import { addCustomer, followSpoken } from './follow-steps.ts';
import { followIncident, followPermalink, readPermalink } from './follow-things.ts';
import { idKinds } from './id-kinds.ts';
import { Trail } from './trail.ts';

/** A thing leads to others, and these to others again; this is enough to see what happened. */
const IDS_MAX = 60;

/** What to follow: ids, and what happened to a customer between two moments (milliseconds). */
export type Wanted = {
  ids: readonly string[];
  around?: { customerId: string; from: number; to: number } | null;
};

/** Support runbook section 1: from any one id to everything that has to do with it. */
export async function followId(sql: Sql, id: string, now: number): Promise<Trail> {
  return follow(sql, { ids: [id] }, now);
}

/** Support runbook section 1: a login email and the approximate time of the issue. */
export async function followCustomer(sql: Sql, customerId: string, from: number, to: number): Promise<Trail> {
  return follow(sql, { ids: [], around: { customerId, from, to } }, to);
}

export async function follow(sql: Sql, { ids, around }: Wanted, now: number): Promise<Trail> {
  const trail = new Trail();
  const seen = new Set<string>();
  const waiting = [...ids];
  for (let id = waiting.shift(); id !== undefined && seen.size < IDS_MAX; id = waiting.shift()) {
    if (seen.has(id)) continue;
    seen.add(id);
    // What a thing leads to by its correlation ID is no ticket, and need not be looked for as one.
    if (id.startsWith('cor_') && !ids.includes(id)) await trail.addCorrelation(sql, id);
    else waiting.push(...(await step(sql, trail, id, now)));
  }
  if (around) await addCustomer(sql, trail, around.customerId, around.from, around.to);
  await trail.spread(sql);
  return trail;
}

async function step(sql: Sql, trail: Trail, id: string, now: number): Promise<string[]> {
  if (readPermalink(id)) return followPermalink(sql, id);
  if (/^(inc|drill)-\d{1,9}$/i.test(id)) return followIncident(sql, trail, id);
  const kind = idKinds.find(({ prefix }) => id.startsWith(prefix));
  const leads = await (kind?.step ?? followSpoken)(sql, trail, id, now);
  return Array.isArray(leads) ? leads : [];
}
