import { readFile } from 'node:fs/promises';
import type { Database } from '../db/connection.ts';
import { type IncomingEvent, storeEvents } from '../db/event-intake.ts';
import type { BillingDeps } from '../src/billing-events/deps.ts';
import { readEvent } from '../src/billing-events/read-event.ts';
import { takeEvent } from '../src/billing-events/take-event.ts';
import { systemClock } from '../src/core/clock.ts';
import { newCorrelationId } from '../src/core/correlation.ts';
import { sha256 } from '../src/core/fingerprint.ts';
import { createLog } from '../src/core/log.ts';
import { settingsSchema } from '../src/core/settings.ts';
import type { FetchedInvoice, FetchedInvoiceLine, StripeGateway } from '../src/gateways/stripe.ts';

/**
 * Customers by number, each with one subscription. All of them subscribe; then those with an even number renew, and
 * the others upgrade for the rest of their period.
 */
export type Step = 'subscribe' | 'move on';

const MONTH_MS = 30 * 86_400_000;
const STARTED_AT = Date.now();
const prices = { starter: 'price_starter', pro: 'price_pro' } as const;

const templates = {
  invoice: await fixture('invoice.paid'),
  subscription: await fixture('customer.subscription.updated'),
};

export const upgrades = (at: number): boolean => at % 2 === 1;

/** What each customer has after both steps: a month of the plan twice, or the better half of a month besides. */
export const creditsAfter = (at: number): number => (upgrades(at) ? 100 + 200 : 200);

export function benchDeps(database: Database, stepOf: (at: number) => Step): BillingDeps {
  return {
    database,
    settings: settingsSchema.parse({
      plans: [
        { tier: 'starter', price: prices.starter, credits_per_period: 100 },
        { tier: 'pro', price: prices.pro, credits_per_period: 500 },
      ],
    }),
    stripe: cannedStripe(stepOf),
    clock: systemClock,
    log: createLog('error'),
    mode: 'test',
    creditsSince: 0,
  };
}

/** Stripe's answers at once and out of memory. */
function cannedStripe(stepOf: (at: number) => Step): StripeGateway {
  const gateway: Partial<StripeGateway> = {
    async listSubscriptions(id) {
      const at = numberOf(id);
      const step = stepOf(at);
      const isPro = step === 'move on' && upgrades(at);
      const from = STARTED_AT + (step === 'move on' && !upgrades(at) ? MONTH_MS : 0);
      return [
        {
          id: `sub_${at}`,
          status: 'active',
          items: [
            {
              priceId: isPro ? prices.pro : prices.starter,
              lookupKey: null,
              productId: 'prod_bench',
              productTier: null,
              quantity: 1,
              periodStart: from,
              periodEnd: from + MONTH_MS,
            },
          ],
          pauseBehavior: null,
          cancelAt: null,
          endedAt: null,
          trialEnd: null,
          createdAt: STARTED_AT,
          latestInvoiceId: invoiceId(at, step),
          stripeCustomerId: id,
          pendingItems: [],
          pendingAt: null,
        },
      ];
    },
    async getInvoice(id) {
      return invoiceOf(numberOf(id), id.startsWith('in_first') ? 'subscribe' : 'move on');
    },
  };
  return gateway as StripeGateway;
}

function invoiceOf(at: number, step: Step): FetchedInvoice {
  const id = invoiceId(at, step);
  const isUpgrade = step === 'move on' && upgrades(at);
  const from = STARTED_AT + (step === 'move on' && !isUpgrade ? MONTH_MS : 0);
  const line = (priceId: string, amount: number, periodStart: number): FetchedInvoiceLine => ({
    id: `il_${priceId}`,
    priceId,
    lookupKey: null,
    productId: 'prod_bench',
    quantity: 1,
    amount,
    isProration: isUpgrade,
    subscriptionId: `sub_${at}`,
    periodStart,
    periodEnd: from + MONTH_MS,
  });
  const middle = from + MONTH_MS / 2;
  return {
    id,
    status: 'paid',
    billingReason: isUpgrade
      ? 'subscription_update'
      : step === 'subscribe'
        ? 'subscription_create'
        : 'subscription_cycle',
    stripeCustomerId: `cus_${at}`,
    subscriptionId: `sub_${at}`,
    currency: 'usd',
    amountPaid: 4_900,
    createdAt: STARTED_AT,
    paidAt: STARTED_AT,
    attemptCount: 1,
    paymentIntentId: `pi_${id}`,
    chargeId: `ch_${id}`,
    lines: isUpgrade
      ? [line(prices.pro, 4_900, middle), line(prices.starter, -2_450, middle)]
      : [line(prices.starter, 4_900, from)],
  };
}

function invoiceId(at: number, step: Step): string {
  return `in_${step === 'subscribe' ? 'first' : 'second'}_${at}`;
}

function numberOf(id: string): number {
  return Number(id.slice(id.lastIndexOf('_') + 1));
}

/** Customers of ours, linked. */
export async function addCustomers(database: Database, numbers: readonly number[]): Promise<void> {
  const now = Date.now();
  for (let from = 0; from < numbers.length; from += 500) {
    const some = numbers.slice(from, from + 500);
    await database
      .knex('customers')
      .insert(some.map((at) => ({ id: `cust_${at}`, email: `c${at}@firm.com`, created_at: now })));
    await database.knex('customer_links').insert(
      some.map((at) => ({
        stripe_customer_id: `cus_${at}`,
        customer_id: `cust_${at}`,
        proof: 'created_by_us',
        status: 'active',
        actor: 'bench',
        created_at: now,
      })),
    );
  }
}

/** The event of this step for each of them, stored as the webhook stores it. */
export async function storeStep(database: Database, numbers: readonly number[], step: Step): Promise<void> {
  for (let from = 0; from < numbers.length; from += 500)
    await storeEvents(
      database,
      numbers.slice(from, from + 500).map((at) => incoming(at, step)),
    );
}

/** The event as Stripe sends it: a paid invoice, or the subscription that changed. */
export function eventOf(at: number, step: Step): object {
  const id = `evt_${step === 'subscribe' ? 'first' : 'second'}_${at}`;
  const changed = { customer: `cus_${at}`, created: Math.floor(STARTED_AT / 1_000) };
  if (step === 'move on' && upgrades(at)) {
    const named = { id: `sub_${at}`, latest_invoice: invoiceId(at, step) };
    const object = { ...templates.subscription.data.object, ...changed, ...named };
    return { ...templates.subscription, id, livemode: false, data: { object } };
  }
  const object = { ...templates.invoice.data.object, ...changed, id: invoiceId(at, step) };
  return { ...templates.invoice, id, livemode: false, data: { object } };
}

function incoming(at: number, step: Step): IncomingEvent {
  const payload = JSON.stringify(eventOf(at, step));
  const event = readEvent(JSON.parse(payload));
  if (!event) throw new Error('The fixture is no event');
  const now = Date.now();
  return takeEvent(event, {
    mode: 'test',
    source: 'webhook',
    receivedAt: now,
    payload,
    payloadSha256: sha256(payload),
    secretSlot: 0,
    signatureHeader: null,
    correlationId: newCorrelationId(now),
  });
}

async function fixture(name: string) {
  const path = new URL(`../test/fixtures/stripe/${name}.json`, import.meta.url);
  return JSON.parse(await readFile(path, 'utf8'));
}
