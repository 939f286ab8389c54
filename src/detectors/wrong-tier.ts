import { listLinks } from '#db/customer-links.ts';
import { findCustomerById } from '#db/customers.ts';
import { listSynced, listSyncStates } from '#db/detector-tiers.ts';
import { isFindingOpen } from '#db/findings.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import { findTierTrouble, tierTroubleWords } from '#src/diagnosis/tier-trouble.ts';
import { cursorMark, readCursor, startAt } from './cursor.ts';
import type { Defect, Detector } from './detector.ts';

const LIMIT = 100;
/** After the look for payments without a change, which tells the same of whoever paid. */
const AFTER_MS = 4 * MINUTE_MS;

/**
 * Tier or access that are not what everything known says, after a pass that should have set them (support runbook,
 * quick reference row 1). Whoever is marked again is on their way, and is looked at afterwards.
 */
export const wrongTier: Detector = {
  kind: 'wrong_tier',
  async look({ database, settings, mode }, mark, now) {
    const sql = database.knex;
    const after = mark === null ? startAt(now - AFTER_MS) : readCursor(mark);
    const synced = await listSynced(sql, { after, until: now - AFTER_MS, limit: LIMIT });
    const defects: Defect[] = [];
    for (const customerId of new Set(synced.map((row) => row.customer_id))) {
      if (await isFindingOpen(sql, 'paid_without_change', customerId)) continue;
      const trouble = await findTierTrouble(sql, { settings, mode, now }, customerId);
      const customer = trouble && (await findCustomerById(sql, customerId));
      if (!customer) continue;
      defects.push({
        subject: customerId,
        customerId,
        summary: `${customer.email} ${tierTroubleWords(trouble)}.`,
        details: {
          email: customer.email,
          lines: [`Held: ${trouble.held.tier}, ${trouble.held.access}.`],
          ids: [],
          remedy: { label: 'Recompute the tier', line: `tier reset ${customer.email}` },
        },
      });
    }
    const last = synced.at(-1);
    const isFull = synced.length === LIMIT;
    return {
      defects,
      mark: cursorMark(last ? { at: last.synced_at, id: last.stripe_customer_id } : after),
      seenUntil: isFull && last ? last.synced_at : now,
      isFull,
    };
  },
  async isStill({ database, settings, mode }, { customer_id }, _details, now) {
    if (customer_id === null) return false;
    const sql = database.knex;
    const links = (await listLinks(sql, customer_id)).map((link) => link.stripe_customer_id);
    const states = await listSyncStates(sql, links);
    if (states.some((row) => row.dirty_seq > row.synced_seq)) return true;
    return (await findTierTrouble(sql, { settings, mode, now }, customer_id)) !== null;
  },
};
