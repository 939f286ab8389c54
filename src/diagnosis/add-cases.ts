import type { Sql } from '#db/connection.ts';
import { listThings, type ThingRow } from '#db/things.ts';
import { momentOfThing } from './thing-kind.ts';
import { thingKinds } from './things.ts';
import type { Trail } from './trail.ts';

const CASES_MAX = 10;

/** The cases of a ticket or of a request ID, with what the request that they look for led to, here and in the log. */
export async function addCases(sql: Sql, trail: Trail, id: string): Promise<void> {
  const kind = thingKinds.find(({ table }) => table === 'investigations');
  if (!kind) return;
  const cases: ThingRow[] = [];
  for (const key of ['id', 'ticket', 'request_id'])
    cases.push(...(await listThings(sql, 'investigations', { [key]: id }, CASES_MAX)));
  for (const row of cases) {
    trail.addMoment(momentOfThing(kind, row));
    if (typeof row.request_id !== 'string') continue;
    await trail.addCorrelation(sql, row.request_id);
    // The log may know it where Lucy does not.
    trail.correlationIds.add(row.request_id);
  }
  if (cases.length > 0) await trail.spread(sql);
}
