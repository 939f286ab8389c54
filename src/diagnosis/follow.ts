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
import { listEffectsOfObject } from '#db/stripe-effects.ts';
import { findStripeEvent, listEventsBetween, listEventsByObject } from '#db/stripe-events.ts';
import { Trail } from './trail.ts';

type Step = (sql: Sql, trail: Trail, id: string, now: number) => Promise<void>;

/** Which ids Lucy can follow, by how they begin; whatever begins otherwise is a ticket or an `X-Request-ID`. */
export const idKinds: readonly { prefix: string; means: string; step: Step }[] = [
  { prefix: 'run_', means: 'a run', step: followRun },
  { prefix: 'apr_', means: 'an approval', step: followApproval },
  { prefix: 'aud_', means: 'an audit row', step: followAudit },
  { prefix: 'led_', means: 'a ledger entry', step: followEntry },
  { prefix: 'chg_', means: 'an entitlement change', step: followChange },
  { prefix: 'evt_', means: 'a Stripe event', step: followEvent },
  { prefix: 'cus_', means: 'a Stripe customer', step: followStripeCustomer },
  { prefix: 'sub_', means: 'a subscription', step: followObject },
  { prefix: 'in_', means: 'an invoice', step: followPayment },
  { prefix: 'pi_', means: 'a payment intent', step: followPayment },
  { prefix: 'ch_', means: 'a charge', step: followPayment },
  { prefix: 'py_', means: 'a charge', step: followPayment },
  { prefix: 're_', means: 'a refund', step: followRefund },
  { prefix: 'dp_', means: 'a dispute', step: followDispute },
  { prefix: 'du_', means: 'a dispute', step: followDispute },
  { prefix: 'issfr_', means: 'an early fraud warning', step: followObject },
  { prefix: 'lck_', means: 'a fraud lock', step: followLock },
  { prefix: 'mail_', means: 'a mail to a customer', step: followMail },
  { prefix: 'hold_', means: 'credits set aside for a call', step: followHold },
  { prefix: 'glass_', means: 'a break-glass period', step: followGlass },
];

/** Support runbook section 1: from any one id to everything that has to do with it. */
export async function followId(sql: Sql, id: string, now: number): Promise<Trail> {
  const trail = new Trail();
  const kind = idKinds.find(({ prefix }) => id.startsWith(prefix));
  await (kind?.step ?? followSpoken)(sql, trail, id, now);
  await trail.spread(sql);
  return trail;
}

/** Support runbook section 1: a login email and the approximate time of the issue. */
export async function followCustomer(sql: Sql, customerId: string, from: number, to: number): Promise<Trail> {
  const trail = new Trail();
  await addCustomer(sql, trail, customerId, from, to);
  await trail.spread(sql);
  return trail;
}

async function addCustomer(
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

async function followRun(sql: Sql, trail: Trail, id: string): Promise<void> {
  const run = await findRun(sql, id);
  const undoing = run?.undone_by ? await findRun(sql, run.undone_by) : undefined;
  trail.add({ runs: [run, undoing].filter((row) => row !== undefined) });
}

async function followApproval(sql: Sql, trail: Trail, id: string): Promise<void> {
  const approval = await findApproval(sql, id);
  if (approval) await followRun(sql, trail, approval.run_id);
}

async function followAudit(sql: Sql, trail: Trail, id: string): Promise<void> {
  const row = await findAuditEvent(sql, id);
  if (row) trail.add({ audit: [row] });
}

async function followEntry(sql: Sql, trail: Trail, id: string): Promise<void> {
  const entry = await findEntry(sql, id);
  if (!entry) return;
  const first = entry.reversal_of ? await findEntry(sql, entry.reversal_of) : undefined;
  trail.add({ entries: [entry, ...(first ? [first] : []), ...(await listReversals(sql, entry.id))] });
}

async function followChange(sql: Sql, trail: Trail, id: string): Promise<void> {
  const change = await findEntitlementChange(sql, id);
  if (!change) return;
  const event = await findStripeEvent(sql, change.cause_ref);
  trail.add({ changes: [change], events: event ? [event] : [] });
}

async function followEvent(sql: Sql, trail: Trail, id: string): Promise<void> {
  const event = await findStripeEvent(sql, id);
  if (event) trail.add({ events: [event] });
}

async function followStripeCustomer(sql: Sql, trail: Trail, id: string, now: number): Promise<void> {
  await followObject(sql, trail, id);
  const link = await findLink(sql, id);
  if (link) await addCustomer(sql, trail, link.customer_id, 0, now);
}

async function followObject(sql: Sql, trail: Trail, id: string): Promise<void> {
  trail.add({ events: await listEventsByObject(sql, id) });
}

/** An invoice, its payment intent and its charge are one payment to us, whichever was named. */
async function followPayment(sql: Sql, trail: Trail, id: string): Promise<void> {
  const payment = await findPaymentByAnyId(sql, id);
  const ids = new Set([id, payment?.id, payment?.payment_intent_id, payment?.charge_id]);
  for (const one of ids) if (one) await followObject(sql, trail, one);
  if (payment) trail.add({ entries: await listEntriesOfPayment(sql, payment.id) });
}

/** A refund: what Stripe told of it, and the request that made it, when it was one of ours. */
async function followRefund(sql: Sql, trail: Trail, id: string): Promise<void> {
  await followObject(sql, trail, id);
  for (const effect of await listEffectsOfObject(sql, id)) await followRun(sql, trail, effect.run_id);
}

/** A dispute: what Stripe told of it and of its payment, and the run that decided about it. */
async function followDispute(sql: Sql, trail: Trail, id: string): Promise<void> {
  const dispute = await findDispute(sql, id);
  await followObject(sql, trail, id);
  if (dispute) await followPayment(sql, trail, dispute.charge_id);
  if (dispute?.decided_run) await followRun(sql, trail, dispute.decided_run);
}

async function followGlass(sql: Sql, trail: Trail, id: string): Promise<void> {
  const glass = await findBreakGlass(sql, id);
  if (glass) await trail.addCorrelation(sql, glass.correlation_id);
  trail.add({ audit: await listAuditUnderGlass(sql, id) });
}

async function followLock(sql: Sql, trail: Trail, id: string): Promise<void> {
  const lock = await findCustomerLock(sql, id);
  if (lock) await trail.addCorrelation(sql, lock.correlation_id);
}

/** A mail, and the others about the same failed payment. */
async function followMail(sql: Sql, trail: Trail, id: string): Promise<void> {
  const mail = await findMail(sql, id);
  if (mail) trail.add({ mails: await listMailsOfGrace(sql, mail.grace_id) });
}

async function followHold(sql: Sql, trail: Trail, id: string): Promise<void> {
  const hold = await findHold(sql, id);
  if (hold) await trail.addCorrelation(sql, hold.correlation_id);
}

/** What has no prefix of ours: a ticket such as ZD-812, our own correlation id, or the product's request or usage id. */
async function followSpoken(sql: Sql, trail: Trail, text: string): Promise<void> {
  await trail.addCorrelation(sql, text);
  const usage = await findUsage(sql, text);
  trail.add({
    usage: usage ? [usage] : [],
    audit: await listAuditByTicket(sql, text),
    runs: await listRunsByTicket(sql, text),
  });
}
