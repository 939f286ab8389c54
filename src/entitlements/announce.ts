import type { Sql } from '#db/connection.ts';
import type { EntitlementChangeRow } from '#db/entitlements.ts';
import type { Cause } from '#src/core/cause.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { Change, Fact } from '#src/replies/reply.ts';

/** One message per change of tier or access, in the transaction of the change itself. */
export async function announceChange(
  sql: Sql,
  cause: Cause,
  email: string,
  change: EntitlementChangeRow,
  extra: { changes: Change[]; facts: Fact[] },
): Promise<void> {
  const hasTier = change.from_tier !== change.to_tier;
  const title = titleOf(email, change, hasTier);
  const changes: Change[] = [];
  if (hasTier) changes.push({ label: 'Tier', before: change.from_tier, after: change.to_tier });
  if (change.from_access !== change.to_access)
    changes.push({ label: 'Access', before: change.from_access, after: change.to_access });
  await postMessage(sql, cause, {
    dedupeKey: `entitlement_change:${change.customer_id}:${change.version}`,
    target: 'entitlements',
    reply: {
      tone: change.to_access === 'full' ? 'done' : 'warning',
      title,
      changes: [...changes, ...extra.changes],
      facts: [{ label: 'Why', value: change.reason }, ...extra.facts],
      correlationId: change.correlation_id,
      buttons: [{ kind: 'command', label: 'Show customer', line: `customer show ${email}` }],
    },
  });
}

function titleOf(email: string, change: EntitlementChangeRow, hasTier: boolean): string {
  const still = change.to_access === 'locked' && change.from_access === 'locked' ? ', and stays locked' : '';
  if (hasTier) return `${email} moved from ${change.from_tier} to ${change.to_tier}${still}.`;
  if (change.to_access === 'locked') return `${email} is locked out of ${change.to_tier}.`;
  return `${email} now has ${change.to_access} access to ${change.to_tier}.`;
}

/** The line that the support runbook searches for (section 1, step 3; section 4, step 3). */
export function changeLog(
  change: EntitlementChangeRow,
  action: string,
): Record<string, unknown> & { event: string; action: string } {
  return {
    event: 'entitlement_change',
    action,
    customer: change.customer_id,
    version: change.version,
    from: { tier: change.from_tier, access: change.from_access },
    to: { tier: change.to_tier, access: change.to_access },
    cause: change.cause_ref,
    actor: change.actor,
    correlationId: change.correlation_id,
  };
}
