import { eventRules } from '#src/billing-events/event-types.ts';
import { roles, scheduleActor, stripeActor } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';
import type { LineOf } from './scrub.ts';

/**
 * What stays as it is wherever it stands, because code compares it and it says nothing about anybody: the words of the
 * settings, the names of commands and what they are made of, and those that follow.
 */
export function exportWords(settings: Settings, commands: readonly LineOf[]): Set<string> {
  return new Set([
    ...roles,
    ...settings.tiers,
    ...wordsOfSold(settings),
    ...settings.status_page.components.map(({ id }) => id),
    ...Object.keys(settings.billing.manual_types),
    ...Object.keys(settings.channels),
    ...commands.flatMap(({ name }) => [name, ...name.split(' ')]),
    ...commands.flatMap(({ input }) =>
      Object.entries(input.shape).flatMap(([name, field]) => [name, ...optionsOf(field)]),
    ),
    ...Object.keys(eventRules),
    ...[stripeActor, scheduleActor].flatMap(({ id, name }) => [id, name]),
    ...ourWords.split(/\s+/),
  ]);
}

/** Prices, lookup keys and products. */
export function wordsOfSold({ plans, credit_packs }: Settings): Set<string> {
  const sold = [...plans, ...credit_packs].flatMap(({ price, lookup_key, product }) => [
    price,
    lookup_key,
    product,
  ]);
  return new Set(sold.filter((word) => word !== undefined));
}

/** What may be chosen in a field. */
function optionsOf(field: { meta?(): { options?: readonly string[] } | undefined }): readonly string[] {
  return field.meta?.()?.options ?? [];
}

/** Values of our own JSON, and of Stripe's, that mean something to code. */
const ourWords = `
true false yes no none null live test default full grace restricted locked open closed done failed refused planned
waiting pending sent active trialing past_due canceled unpaid paused incomplete incomplete_expired paid void draft
uncollectible succeeded requires_payment_method requires_action processing now period_end monthly yearly month year week
day staff payment import subscription manual override event timer webhook replay poll slack terminal api job
subscription_create subscription_cycle subscription_update subscription_threshold fraudulent duplicate
requested_by_customer product_not_received unrecognized general warning_needs_response warning_under_review
warning_closed needs_response under_review won lost lucy log degraded partial major
--yes --reason --ticket --email --count --status --type --until --tier --anonymized`.trim();
