import { z } from 'zod';
import type { FetchedItem, FetchedSubscription } from './stripe.ts';
import { count, moment, price, reference, text } from './stripe-fields.ts';

const itemSchema = z.object({
  price,
  quantity: count,
  current_period_start: moment,
  current_period_end: moment,
});

const subscriptionSchema = z.object({
  id: z.string(),
  status: z.string(),
  items: z.object({ data: z.array(itemSchema) }),
  // Before 2025-03-31.basil the period stood on the subscription itself.
  current_period_start: moment,
  current_period_end: moment,
  pause_collection: z.object({ behavior: text }).nullish(),
  cancel_at: moment,
  cancel_at_period_end: z.boolean().nullish(),
  ended_at: moment,
  trial_end: moment,
  created: moment,
  latest_invoice: reference,
  customer: reference,
});

/** docs.stripe.com/api/subscriptions/object, in the renderings before and after 2025-03-31. */
export function readSubscription(raw: unknown): FetchedSubscription {
  const value = subscriptionSchema.parse(raw);
  const items: FetchedItem[] = value.items.data.map((item) => ({
    ...item.price,
    productTier: null,
    quantity: item.quantity,
    periodStart: item.current_period_start ?? value.current_period_start,
    periodEnd: item.current_period_end ?? value.current_period_end,
  }));
  const periodEnd = Math.max(...items.map((item) => item.periodEnd ?? 0), 0) || null;
  return {
    id: value.id,
    status: value.status,
    items,
    pauseBehavior: value.pause_collection ? (value.pause_collection.behavior ?? 'void') : null,
    cancelAt: value.cancel_at ?? (value.cancel_at_period_end ? periodEnd : null),
    endedAt: value.ended_at,
    trialEnd: value.trial_end,
    createdAt: value.created ?? 0,
    latestInvoiceId: value.latest_invoice,
    stripeCustomerId: value.customer,
    pendingItems: [],
    pendingAt: null,
  };
}

const phaseSchema = z.object({ start_date: moment, items: z.array(z.object({ price, quantity: count })) });

const scheduleSchema = z.object({
  current_phase: z.object({ end_date: moment }).nullish(),
  phases: z.array(phaseSchema),
});

/** The phase after the running one: docs.stripe.com/billing/subscriptions/subscription-schedules. */
export function readNextPhase(raw: unknown): Pick<FetchedSubscription, 'pendingItems' | 'pendingAt'> {
  const { current_phase, phases } = scheduleSchema.parse(raw);
  const endsAt = current_phase?.end_date ?? null;
  const next =
    endsAt === null
      ? undefined
      : phases.find((phase) => phase.start_date !== null && phase.start_date >= endsAt);
  if (!next) return { pendingItems: [], pendingAt: null };
  const items = next.items.map((item) => ({
    ...item.price,
    productTier: null,
    quantity: item.quantity,
    periodStart: next.start_date,
    periodEnd: null,
  }));
  return { pendingItems: items, pendingAt: next.start_date };
}
