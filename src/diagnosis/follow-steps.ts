import { findUsage } from '#db/ai-usage.ts';
import { findApproval } from '#db/approvals.ts';
import {
  findAuditEvent,
  listAuditByCustomer,
  listAuditByTicket,
  listAuditUnderGlass,
} from '#db/audit-events.ts';
import { findBreakGlass } from '#db/break-glass.ts';
import type { Sql } from '#db/connection.ts';
import { findAccount } from '#db/credit-accounts.ts';
import { findEntry, listEntriesBetween, listEntriesOfPayment, listReversals } from '#db/credit-entries.ts';
import { findHold } from '#db/credit-holds.ts';
import { findLink, listLinks } from '#db/customer-links.ts';
import { findCustomerLock } from '#db/customer-locks.ts';
import { findDispute } from '#db/disputes.ts';
import { findEntitlementChange, listChangesBetween } from '#db/entitlements.ts';
import { findMail, listMailsBetween, listMailsOfGrace } from '#db/mails.ts';
import { findPaymentByAnyId } from '#db/payments.ts';
import { findRun, listRunsBetween, listRunsByTicket } from '#db/runs.ts';
import { listSharedOf } from '#db/shared-spends.ts';
import { listEffectsOfObject } from '#db/stripe-effects.ts';
import { findStripeEvent, listEventsBetween, listEventsByObject } from '#db/stripe-events.ts';
import { addSpokenThings } from './follow-things.ts';
import type { Trail } from './trail.ts';

export async function addCustomer(
  sql: Sql,
  trail: Trail,
  customerId: string,
  from: number,
  to: number,
): Promise<void> {
  const account = await findAccount(sql, customerId);
  const links = await listLinks(sql, customerId);
  trail.add({
    audit: await listAuditByCustomer(sql, customerId, from, to),
    runs: await listRunsBetween(sql, customerId, from, to),
    entries: account ? await listEntriesBetween(sql, account.id, from, to) : [],
    changes: await listChangesBetween(sql, customerId, from, to),
    mails: await listMailsBetween(sql, customerId, from, to),
    events: await listEventsBetween(
      sql,
      links.map((link) => link.stripe_customer_id),
      from,
      to,
    ),
  });
}

export async function followRun(sql: Sql, trail: Trail, id: string): Promise<void> {
  const run = await findRun(sql, id);
  const undoing = run?.undone_by ? await findRun(sql, run.undone_by) : undefined;
  trail.add({ runs: [run, undoing].filter((row) => row !== undefined) });
}

export async function followApproval(sql: Sql, trail: Trail, id: string): Promise<void> {
  const approval = await findApproval(sql, id);
  if (approval) await followRun(sql, trail, approval.run_id);
}

export async function followAudit(sql: Sql, trail: Trail, id: string): Promise<void> {
  const row = await findAuditEvent(sql, id);
  if (row) trail.add({ audit: [row, ...(await listSharedOf(sql, row, null))] });
}

export async function followEntry(sql: Sql, trail: Trail, id: string): Promise<void> {
  const entry = await findEntry(sql, id);
  if (!entry) return;
  const first = entry.reversal_of ? await findEntry(sql, entry.reversal_of) : undefined;
  trail.add({ entries: [entry, ...(first ? [first] : []), ...(await listReversals(sql, entry.id))] });
}

export async function followChange(sql: Sql, trail: Trail, id: string): Promise<void> {
  const change = await findEntitlementChange(sql, id);
  if (!change) return;
  const event = await findStripeEvent(sql, change.cause_ref);
  trail.add({ changes: [change], events: event ? [event] : [] });
}

export async function followEvent(sql: Sql, trail: Trail, id: string): Promise<void> {
  const event = await findStripeEvent(sql, id);
  if (event) trail.add({ events: [event] });
}

export async function followStripeCustomer(sql: Sql, trail: Trail, id: string, now: number): Promise<void> {
  await followObject(sql, trail, id);
  const link = await findLink(sql, id);
  if (link) await addCustomer(sql, trail, link.customer_id, 0, now);
}

export async function followObject(sql: Sql, trail: Trail, id: string): Promise<void> {
  trail.add({ events: await listEventsByObject(sql, id) });
}

/** An invoice, its payment intent and its charge are one payment to us, whichever was named. */
export async function followPayment(sql: Sql, trail: Trail, id: string): Promise<void> {
  const payment = await findPaymentByAnyId(sql, id);
  const ids = new Set([id, payment?.id, payment?.payment_intent_id, payment?.charge_id]);
  for (const one of ids) if (one) await followObject(sql, trail, one);
  if (payment) trail.add({ entries: await listEntriesOfPayment(sql, payment.id) });
}

/** A refund: what Stripe told of it, and the request that made it, when it was one of ours. */
export async function followRefund(sql: Sql, trail: Trail, id: string): Promise<void> {
  await followObject(sql, trail, id);
  for (const effect of await listEffectsOfObject(sql, id)) await followRun(sql, trail, effect.run_id);
}

/** Our own id of a customer, such as a log line has. */
export async function followOwnCustomer(sql: Sql, trail: Trail, id: string, now: number): Promise<void> {
  await addCustomer(sql, trail, id, 0, now);
}

/** A dispute: what Stripe told of it and of its payment, and the run that decided about it. */
export async function followDispute(sql: Sql, trail: Trail, id: string): Promise<void> {
  const dispute = await findDispute(sql, id);
  await followObject(sql, trail, id);
  if (dispute) await followPayment(sql, trail, dispute.charge_id);
  if (dispute?.decided_run) await followRun(sql, trail, dispute.decided_run);
}

export async function followGlass(sql: Sql, trail: Trail, id: string): Promise<void> {
  const glass = await findBreakGlass(sql, id);
  if (glass) await trail.addCorrelation(sql, glass.correlation_id);
  trail.add({ audit: await listAuditUnderGlass(sql, id) });
}

export async function followLock(sql: Sql, trail: Trail, id: string): Promise<void> {
  const lock = await findCustomerLock(sql, id);
  if (lock) await trail.addCorrelation(sql, lock.correlation_id);
}

/** A mail, and the others about the same failed payment. */
export async function followMail(sql: Sql, trail: Trail, id: string): Promise<void> {
  const mail = await findMail(sql, id);
  if (mail) trail.add({ mails: await listMailsOfGrace(sql, mail.grace_id) });
}

export async function followHold(sql: Sql, trail: Trail, id: string): Promise<void> {
  const hold = await findHold(sql, id);
  if (hold) await trail.addCorrelation(sql, hold.correlation_id);
}

/** What has no prefix of ours: a ticket such as ZD-812, our own correlation id, or the product's request or usage id. */
export async function followSpoken(sql: Sql, trail: Trail, text: string): Promise<string[]> {
  await trail.addCorrelation(sql, text);
  const usage = await findUsage(sql, text);
  trail.add({
    usage: usage ? [usage] : [],
    audit: await listAuditByTicket(sql, text),
    runs: await listRunsByTicket(sql, text),
  });
  return addSpokenThings(sql, trail, text);
}
