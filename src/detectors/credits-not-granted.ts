import { findCustomerById } from '#db/customers.ts';
import { listBooked, listBookedById } from '#db/detector-payments.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { findUngranted } from '#src/diagnosis/ungranted.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import { cursorMark, readCursor, startAt } from './cursor.ts';
import type { Defect, Detector } from './detector.ts';

const LIMIT = 200;
const SETTLING_MS = MINUTE_MS;

/** Paid, booked, and the grant is absent (support runbook, quick reference row 2). */
export const creditsNotGranted: Detector = {
  kind: 'credits_not_granted',
  async look(deps, mark, now) {
    const { database, settings, stripe, mode, creditsSince } = deps;
    const sql = database.knex;
    let cursor = mark === null ? startAt(now - SETTLING_MS) : readCursor(mark);
    const booked = await listBooked(sql, mode, { after: cursor, until: now - SETTLING_MS, limit: LIMIT });
    const defects: Defect[] = [];
    for (const payment of booked) {
      try {
        const found = await findUngranted({ sql, settings, stripe, creditsSince }, payment);
        const customer = found && (await findCustomerById(sql, payment.customer_id ?? ''));
        if (customer)
          defects.push({
            subject: payment.id,
            customerId: customer.id,
            summary: `${customer.email} paid ${payment.id}, and ${found.expected} credits for it were not granted.`,
            details: {
              email: customer.email,
              lines: [found.line],
              ids: [payment.id],
              // Every pass fetches the latest invoice again, and grants what is missing exactly once.
              remedy: { label: 'Book it anew', line: `tier reset ${customer.email}` },
            },
          });
      } catch (error) {
        if (!isStripeTrouble(error)) throw error;
        // Nobody is accused on a suspicion: the next look begins with this payment.
        deps.log.info({ event: 'detector_waits', kind: this.kind, err: error }, errorMessage(error));
        return { defects, mark: cursorMark(cursor), seenUntil: cursor.at, isFull: false };
      }
      cursor = { at: payment.fetched_at, id: payment.id };
    }
    const isFull = booked.length === LIMIT;
    return { defects, mark: cursorMark(cursor), seenUntil: isFull ? cursor.at : now, isFull };
  },
  // What staff give by hand heals nothing: the next pass would still grant what was paid for, and then it is there twice.
  async isStill({ database, settings, creditsSince }, _finding, { ids }) {
    const sql = database.knex;
    for (const payment of await listBookedById(sql, ids))
      if (await findUngranted({ sql, settings, stripe: null, creditsSince }, payment)) return true;
    return false;
  },
};
