import type { Sql } from '#db/connection.ts';
import { type CustomerLinkRow, listLinks } from '#db/customer-links.ts';
import { type CustomerLockRow, findOpenLock } from '#db/customer-locks.ts';
import type { CustomerRow } from '#db/customers.ts';
import {
  type EntitlementChangeRow,
  type EntitlementRow,
  findEntitlement,
  listEntitlementChanges,
} from '#db/entitlements.ts';
import { type FindingRow, listOpenFindings } from '#db/findings.ts';
import { findManualSubscription, type ManualSubscriptionRow } from '#db/manual-subscriptions.ts';
import { findOverride, type OverrideRow } from '#db/overrides.ts';
import { listSubscriptionsOf, type SubscriptionRow } from '#db/subscriptions.ts';
import { type CreditSummary, readCredits } from '#src/credits/summary.ts';

/** Support runbook section 2 in one read: everything that says what a customer has, and why. */
export type CustomerPicture = {
  customer: CustomerRow;
  links: CustomerLinkRow[];
  entitlement: EntitlementRow | null;
  override: OverrideRow | null;
  lock: CustomerLockRow | null;
  manual: ManualSubscriptionRow | null;
  subscriptions: SubscriptionRow[];
  credits: CreditSummary;
  changes: EntitlementChangeRow[];
  findings: FindingRow[];
};

export async function readPicture(
  sql: Sql,
  mode: string,
  customer: CustomerRow,
  now: number,
): Promise<CustomerPicture> {
  const links = await listLinks(sql, customer.id);
  return {
    customer,
    links,
    entitlement: (await findEntitlement(sql, customer.id)) ?? null,
    override: (await findOverride(sql, customer.id, now)) ?? null,
    lock: (await findOpenLock(sql, customer.id)) ?? null,
    manual: (await findManualSubscription(sql, customer.id)) ?? null,
    subscriptions: await listSubscriptionsOf(
      sql,
      links.map((link) => link.stripe_customer_id),
      mode,
    ),
    credits: await readCredits(sql, customer.id, 5),
    changes: await listEntitlementChanges(sql, customer.id, 5),
    findings: await listOpenFindings(sql, customer.id),
  };
}
