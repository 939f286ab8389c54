import { readDirtySeq } from '#db/bulk-marks.ts';
import { listBulkReads } from '#db/bulk-reads.ts';
import { type BulkRefreshRow, findBulk, READING_STATES } from '#db/bulk-refreshes.ts';
import type { CustomerSyncRow } from '#db/customer-sync.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { FetchedInvoice, FetchedSubscription, StripeGateway } from '#src/gateways/stripe.ts';
import type { BillingDeps } from './deps.ts';

/** What was read longer ago is not used any more. */
export const BULK_USABLE_MS = 30 * MINUTE_MS;
/** Whoever waits for a list waits no longer than this. */
const READING_MAX_MS = 10 * MINUTE_MS;

/** Whether its customers have waited long enough. */
export function isReadingOver({ started_at }: Pick<BulkRefreshRow, 'started_at'>, now: number): boolean {
  return now - started_at > READING_MAX_MS;
}

/** Whether it must be given up: the list is not at its end by then, or what was read first is too old by now. */
export function isTooLong(bulk: BulkRefreshRow, now: number): boolean {
  if (bulk.state === 'subscriptions') return isReadingOver(bulk, now);
  return READING_STATES.includes(bulk.state) && now - bulk.started_at > BULK_USABLE_MS;
}

/**
 * Whom a pass asks: what a bulk refresh read of this customer where that is as good as asking now, and Stripe for the
 * rest. It is as good when nothing was heard of the customer since before the reading began. To be called after the
 * events of the pass were listed, so that none of them can be younger than the reading.
 */
export async function chooseReading(deps: BillingDeps, claim: CustomerSyncRow): Promise<StripeGateway> {
  const { stripe, database } = deps;
  const { stripe_customer_id: customer, bulk_id: bulkId, bulk_seq: seq } = claim;
  if (bulkId === null) return stripe;
  const bulk = await findBulk(database.knex, bulkId);
  if (!bulk || !isUsable(bulk, deps.clock.now())) return stripe;
  if (seq !== claim.dirty_seq || seq !== (await readDirtySeq(database.knex, customer))) return stripe;
  const reads = await listBulkReads(database.knex, bulkId, customer);
  const of = <T>(kind: string) =>
    reads.filter((row) => row.kind === kind).map((row) => JSON.parse(row.body ?? '') as T);
  const subscriptions = of<FetchedSubscription>('subscription');
  const invoices = new Map(of<FetchedInvoice>('invoice').map((invoice) => [invoice.id, invoice]));
  // Deleting a customer ends all subscriptions, and a list does not tell it: without a running one Stripe is asked.
  const isAlive = subscriptions.some((subscription) => subscription.endedAt === null);
  return {
    ...withCatalogue(stripe, bulkId),
    listSubscriptions: async (id) =>
      isAlive && id === customer ? subscriptions : stripe.listSubscriptions(id),
    getInvoice: async (id) => invoices.get(id) ?? stripe.getInvoice(id),
  };
}

function isUsable(bulk: BulkRefreshRow, now: number): boolean {
  return bulk.state === 'ready' && now - (bulk.ready_at ?? 0) <= BULK_USABLE_MS;
}

type Catalogue = { bulkId: string; gateway: StripeGateway };
const catalogues = new WeakMap<StripeGateway, Catalogue>();

/** Thousands of customers share a handful of prices and products: each is asked for once a refresh. */
function withCatalogue(stripe: StripeGateway, bulkId: string): StripeGateway {
  const known = catalogues.get(stripe);
  if (known?.bulkId === bulkId) return known.gateway;
  const gateway = {
    ...stripe,
    getPrice: remember(stripe.getPrice),
    getProductTier: remember(stripe.getProductTier),
  };
  catalogues.set(stripe, { bulkId, gateway });
  return gateway;
}

function remember<T>(ask: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (id) => {
    const known = answers.get(id);
    if (known) return known;
    const answer = ask(id);
    answers.set(id, answer);
    answer.catch(() => answers.delete(id));
    return answer;
  };
}
