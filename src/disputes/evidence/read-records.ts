import type { Sql } from '#db/connection.ts';
import { listNewestOf } from '#db/customer-history.ts';
import {
  type CustomerUse,
  listReports,
  listUsageDays,
  readCustomerUse,
  type UsageDay,
} from '#db/customer-use.ts';
import type { CustomerRow } from '#db/customers.ts';
import type { EntitlementChangeRow } from '#db/entitlements.ts';
import type { PaymentRow } from '#db/payments.ts';
import type { ReportRow } from '#db/reports.ts';

/** What our own records say of a customer up to the moment at which the dispute was opened. */
export type EvidenceRecords = {
  use: CustomerUse;
  /** Oldest first, and the newest of them when there are more. */
  reports: ReportRow[];
  usageDays: UsageDay[];
  changes: EntitlementChangeRow[];
  payments: PaymentRow[];
};

/** So that the pages stay under what a bank reads, and Stripe takes. */
const most = { reports: 250, usageDays: 200, changes: 80, payments: 60 };

/**
 * What came after the dispute was opened is left out: it says nothing of what was bought, and so the evidence that was
 * approved is still the same when it is sent.
 */
export async function readRecords(sql: Sql, customer: CustomerRow, until: number): Promise<EvidenceRecords> {
  const span = (limit: number) => ({ from: 0, to: until, limit });
  return {
    use: await readCustomerUse(sql, customer.id, { from: 0, to: until }),
    reports: (await listReports(sql, customer.id, span(most.reports))).reverse(),
    usageDays: (await listUsageDays(sql, customer.id, span(most.usageDays))).reverse(),
    changes: await listNewestOf(sql, 'entitlement_changes', [customer.id], span(most.changes)),
    payments: await listNewestOf(sql, 'payments', [customer.id], span(most.payments)),
  };
}
