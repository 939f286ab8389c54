import { listMarkedAfter } from '#db/bulk-marks.ts';
import {
  type BulkReadRow,
  fillBulkInvoices,
  missBulkInvoices,
  newestWantedInvoice,
  wantBulkInvoices,
} from '#db/bulk-reads.ts';
import type { BulkRefreshRow } from '#db/bulk-refreshes.ts';
import { listOpenEventsOfType } from '#db/stripe-event-queue.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import type { BulkInvoice, BulkPage } from '#src/gateways/stripe-bulk.ts';
import { isReadingOver } from './bulk-reading.ts';
import type { BulkStep } from './bulk-refresh.ts';
import type { BillingDeps } from './deps.ts';
import { eventRules } from './event-types.ts';
import { readHint } from './read-event.ts';

const CUSTOMERS_AT_ONCE = 200;
const ROWS_AT_ONCE = 500;
/** After so many pages each must have brought at least two, or asking singly costs less. */
const PAGES_ON_TRIAL = 10;
const FOUND_PER_PAGE_MIN = 2;

const invoiceTypes = Object.entries(eventRules).flatMap(([type, { kind }]) =>
  kind === 'invoice' ? [type] : [],
);

/** Which invoices the waiting events speak of, and when each was made, which says where in the list it stands. */
export async function wantInvoices(deps: BillingDeps, bulk: BulkRefreshRow): ReturnType<BulkStep> {
  const sql = deps.database.knex;
  const customers = await listMarkedAfter(sql, bulk.id, bulk.cursor ?? '', CUSTOMERS_AT_ONCE);
  const last = customers.at(-1);
  if (last === undefined) return async () => ({ state: 'invoices', cursor: null });
  const events = await listOpenEventsOfType(sql, customers, invoiceTypes);
  const wanted = new Map(events.flatMap((event) => wantedOf(bulk, event)).map((row) => [row.object_id, row]));
  const rows = [...wanted.values()];
  return async (trx) => {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE)
      await wantBulkInvoices(trx, rows.slice(at, at + ROWS_AT_ONCE));
    return { cursor: last };
  };
}

function wantedOf(bulk: BulkRefreshRow, event: StripeEventRow): BulkReadRow[] {
  const { objectId, objectCreatedAt } = readHint(event.payload);
  if (!objectId || objectCreatedAt === null || !event.stripe_customer_id) return [];
  return [
    {
      bulk_id: bulk.id,
      object_id: objectId,
      kind: 'invoice',
      stripe_customer_id: event.stripe_customer_id,
      created_at: objectCreatedAt,
      body: null,
    },
  ];
}

/**
 * One page that begins at the youngest invoice still looked for, so every page brings at least that one, and stretches
 * of the list without any are jumped over.
 */
export async function readInvoicePage(deps: BillingDeps, bulk: BulkRefreshRow): ReturnType<BulkStep> {
  const newest = await newestWantedInvoice(deps.database.knex, bulk.id);
  const ready = { state: 'ready', ready_at: deps.clock.now(), cursor: null } as const;
  if (!newest) return async () => ready;
  const { invoice_pages: pages, invoices_found: found } = bulk;
  const isInVain = pages >= PAGES_ON_TRIAL && found < pages * FOUND_PER_PAGE_MIN;
  if (isInVain || isReadingOver(bulk, deps.clock.now()))
    return async (sql) => {
      await missBulkInvoices(sql, bulk.id, null);
      return ready;
    };
  const page = await deps.stripe.listInvoicePage({ until: newest.created_at, after: placeIn(bulk, newest) });
  return async (sql) => {
    if (!page) return { cursor: null, invoice_pages: pages + 1 };
    const filled = await fillBulkInvoices(sql, bulk.id, bodiesOf(page));
    const oldest = page.rows.at(-1)?.createdAt ?? null;
    // What should have stood on this page and did not is asked for singly; what shares its last second may follow.
    await missBulkInvoices(sql, bulk.id, page.next === null ? null : oldest);
    const cursor = page.next === null ? null : JSON.stringify({ second: oldest, after: page.next });
    return { cursor, invoice_pages: pages + 1, invoices_found: found + filled };
  };
}

/** The list goes on where it stopped only while the next one wanted may stand right there. */
function placeIn(bulk: BulkRefreshRow, newest: { created_at: number }): string | null {
  const place = bulk.cursor === null ? null : (JSON.parse(bulk.cursor) as { second: number; after: string });
  return place?.second === newest.created_at ? place.after : null;
}

function bodiesOf(page: BulkPage<BulkInvoice>): Map<string, string> {
  return new Map(
    page.rows.flatMap(({ id, invoice }) => (invoice ? [[id, JSON.stringify(invoice)] as const] : [])),
  );
}
