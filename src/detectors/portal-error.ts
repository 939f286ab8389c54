import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import { listPortalTries } from '#db/detector-portal.ts';
import { DAY_MS, formatUtc } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { type FailedTry, triedInVain } from '#src/diagnosis/portal-tries.ts';
import type { Defect, Detector } from './detector.ts';

const TRIES = 100;
/** The second failure routes by itself. */
const ENOUGH = 2;
/** When nobody has saved the portal’s settings, it is one trouble of everybody. */
const EVERYBODY = 'portal settings';

/** Portal links that failed twice in a row, for one customer or for all (support runbook, quick reference row 4). */
export const portalError: Detector = {
  kind: 'portal_error',
  async look({ database }, _mark, now) {
    const sql = database.knex;
    const defects: Defect[] = [];
    for (const [subject, failed] of await failuresBySubject(sql, now))
      if (failed.length >= ENOUGH) defects.push(await defectOf(sql, subject, failed));
    return { defects, mark: '', seenUntil: now, isFull: false };
  },
  isStill: async ({ database }, { subject }, _details, now) =>
    (await failuresBySubject(database.knex, now)).has(subject),
};

async function failuresBySubject(sql: Sql, now: number): Promise<Map<string, FailedTry[]>> {
  const tries = await listPortalTries(sql, now - DAY_MS, TRIES);
  // One link that went well shows that the settings are there.
  const settings = triedInVain(tries).filter(({ isSettings }) => isSettings);
  const found = new Map<string, FailedTry[]>(settings.length > 0 ? [[EVERYBODY, settings]] : []);
  for (const customerId of new Set(tries.map((row) => row.customer_id))) {
    if (customerId === null) continue;
    const own = triedInVain(tries, customerId).filter(({ isSettings }) => !isSettings);
    if (own.length > 0) found.set(customerId, own);
  }
  return found;
}

async function defectOf(sql: Sql, subject: string, failed: readonly FailedTry[]): Promise<Defect> {
  const customer = subject === EVERYBODY ? undefined : await findCustomerById(sql, subject);
  return {
    subject,
    customerId: customer?.id ?? null,
    summary: customer
      ? `The billing portal failed ${counted(failed.length, 'time')} in a row for ${customer.email}.`
      : `The billing portal failed ${counted(failed.length, 'time')} in a row: it has no settings at Stripe.`,
    details: {
      email: customer?.email ?? null,
      lines: failed.slice(0, 3).map(({ at, error }) => `${formatUtc(at)}: ${error}`),
      ids: [],
      remedy: customer ? { label: 'Try a portal link', line: `payment portal-link ${customer.email}` } : null,
    },
  };
}
