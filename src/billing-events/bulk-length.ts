import type { BulkRefreshRow } from '#db/bulk-refreshes.ts';
import type { Sql } from '#db/connection.ts';
import { readInstallation, readInstallationSince, writeInstallation } from '#db/installation.ts';
import { countSubscriptions } from '#db/subscriptions.ts';
import { DAY_MS, MINUTE_MS } from '#src/core/clock.ts';
import type { BillingDeps } from './deps.ts';

/** Subscriptions in one answer of Stripe's. */
export const PAGE_SIZE = 100;

/** As long as the customers in a refresh may have to wait for it. */
const READING_WANTED_MS = 5 * MINUTE_MS;
/** What a page of a hundred takes where none was read yet. */
const PAGE_MS = 250;
/** Stripe may be faster again: an older measurement says nothing. */
const MEASURED_MS = DAY_MS;

/**
 * Whether the list of all subscriptions is worth reading for so many customers: at least half of the calls must be
 * saved, for the list tells nothing until it is read to its end, and that must come soon, for they wait until then.
 */
export async function isWorthReading(deps: BillingDeps, customers: number): Promise<boolean> {
  const pages = await estimatePages(deps);
  return pages * 2 <= customers && pages * (await measuredPageMs(deps)) <= READING_WANTED_MS;
}

/** What the whole list takes: as far as our mirror goes, or as it took the last time, whichever is more. */
async function estimatePages(deps: BillingDeps): Promise<number> {
  const sql = deps.database.knex;
  const known = Number((await readInstallation(sql, 'bulk_pages')) ?? 0);
  return Math.max(known, Math.ceil((await countSubscriptions(sql, deps.mode)) / PAGE_SIZE));
}

async function measuredPageMs({ database, clock }: BillingDeps): Promise<number> {
  const since = clock.now() - MEASURED_MS;
  return Number((await readInstallationSince(database.knex, 'bulk_page_ms', since)) ?? PAGE_MS);
}

/** Remembers how long the list is, as far as it was read, and what a page took, so that none is begun in vain again. */
export async function rememberLength(
  sql: Sql,
  bulk: Pick<BulkRefreshRow, 'pages' | 'pages_ms'>,
  isAll: boolean,
  now: number,
): Promise<void> {
  if (bulk.pages === 0) return;
  await writeInstallation(sql, 'bulk_pages', String(bulk.pages + (isAll ? 0 : 1)), now);
  await writeInstallation(sql, 'bulk_page_ms', String(Math.round(bulk.pages_ms / bulk.pages)), now);
}
