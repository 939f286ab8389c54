import type { EntitlementRow } from '#db/entitlements.ts';
import { lowestTier, type Settings } from '#src/core/settings.ts';

/** What the customer's subscriptions gave when they were last looked at; what staff gave beside them is not part of it. */
export function paidTierOf(settings: Settings, row: EntitlementRow | undefined): string {
  if (row?.paid_tier) return row.paid_tier;
  const isPaid = row?.source === 'subscription' || row?.source === 'default';
  return row && isPaid ? row.tier : lowestTier(settings);
}
