import { eventRules } from '#src/billing-events/event-types.ts';
import { roles, scheduleActor, stripeActor } from '#src/core/actor.ts';
import type { Settings } from '#src/core/settings.ts';

/**
 * What stays as it is wherever it stands, because code compares it and it says nothing about anybody: the words of the
 * settings, the names of commands and what they are made of, and those that follow.
 */
export function exportWords(
  settings: Settings,
  commands: readonly { name: string; input: { shape: object } }[],
): Set<string> {
  const sold = [...settings.plans, ...settings.credit_packs].flatMap(({ price, lookup_key, product }) =>
    [price, lookup_key, product].filter((word) => word !== undefined),
  );
  return new Set([
    ...roles,
    ...settings.tiers,
    ...sold,
    ...Object.keys(settings.billing.manual_types),
    ...Object.keys(settings.channels),
    ...commands.flatMap(({ name }) => [name, ...name.split(' ')]),
    ...commands.flatMap(({ input }) => Object.keys(input.shape)),
    ...Object.keys(eventRules),
    ...[stripeActor, scheduleActor].flatMap(({ id, name }) => [id, name]),
    'Lucy',
    ...ourWords.split(/\s+/),
  ]);
}

/** Values of our own JSON, and of Stripe's, that mean something to code. */
const ourWords = `
true false yes no none null live test default full grace restricted locked open closed done failed refused planned
waiting pending sent active trialing past_due canceled unpaid paused incomplete incomplete_expired paid void draft
uncollectible succeeded requires_payment_method requires_action processing now period_end monthly yearly month year week
day staff payment import subscription manual override event timer webhook replay poll slack terminal api job
subscription_create subscription_cycle subscription_update subscription_threshold fraudulent duplicate
requested_by_customer product_not_received unrecognized general warning_needs_response warning_under_review
warning_closed needs_response under_review won lost lucy log
--yes --reason --ticket --email --count --status --type --until --tier --anonymized`.trim();
