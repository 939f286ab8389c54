import type { EntitlementChangeRow } from '#db/entitlements.ts';

/** `plan set to pro, access full (was free)`; for a stranger to our words. */
export function accessWords(row: EntitlementChangeRow): string {
  const plan =
    row.from_tier === row.to_tier ? `plan ${row.to_tier}` : `plan ${row.to_tier} (was ${row.from_tier})`;
  const access =
    row.from_access === row.to_access ? '' : `, access ${row.to_access} (was ${row.from_access})`;
  return `${plan}${access}`;
}
