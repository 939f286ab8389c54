import { findCustomerById } from '#db/customers.ts';
import {
  findNewestChangeId,
  listUntracedChanges,
  listUntracedChangesOf,
  readChangesPage,
} from '#db/detector-changes.ts';
import { DAY_MS, formatUtc, isoTime, MINUTE_MS } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { Defect, Detector } from './detector.ts';

const LIMIT = 500;
const SETTLING_MS = MINUTE_MS;

/** Changes that nobody can follow, because the audit does not know their correlation id (support runbook section 5). */
export const correlationMissing: Detector = {
  kind: 'correlation_missing',
  async look({ database }, mark, now) {
    const sql = database.knex;
    const after = mark ?? (await findNewestChangeId(sql)) ?? '';
    const page = { after, until: now - SETTLING_MS, limit: LIMIT };
    const untraced = await listUntracedChanges(sql, page);
    const defects: Defect[] = [];
    for (const customerId of new Set(untraced.map((change) => change.customer_id))) {
      const customer = await findCustomerById(sql, customerId);
      const theirs = untraced.filter((change) => change.customer_id === customerId);
      const [first] = theirs;
      if (!customer || !first) continue;
      defects.push({
        subject: customerId,
        customerId,
        summary: `${counted(theirs.length, 'entitlement change')} of ${customer.email} cannot be followed: no correlation id, or none that the audit knows.`,
        details: {
          email: customer.email,
          lines: theirs
            .slice(0, 5)
            .map(
              ({ id, from_tier, to_tier, at, correlation_id }) =>
                `${id}: ${from_tier} → ${to_tier} at ${formatUtc(at)}, correlation id ${correlation_id || 'missing'}`,
            ),
          ids: theirs.map(({ id }) => id),
          remedy: {
            label: 'What happened then',
            line: `trace --email ${customer.email} --around ${isoTime(first.at)}`,
          },
        },
      });
    }
    const { count, last, lastAt } = await readChangesPage(sql, page);
    const isFull = count === LIMIT;
    return { defects, mark: last ?? after, seenUntil: isFull ? (lastAt ?? now) : now, isFull };
  },
  // What was written without a trace stays so; it is over when none came for a day.
  isStill: async ({ database }, { customer_id }, _details, now) =>
    customer_id !== null &&
    (await listUntracedChangesOf(database.knex, customer_id, now - DAY_MS, now)).length > 0,
};
