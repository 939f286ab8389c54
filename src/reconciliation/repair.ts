import type { Sql } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import { markDirty } from '#db/customer-sync.ts';
import { findCustomerById } from '#db/customers.ts';
import { askForPayment } from '#db/payment-asks.ts';
import { findPayment } from '#db/payments.ts';
import { holdsRepair, type ReconcileFindingRow, settleRepair } from '#db/reconcile-findings.ts';
import { listSyncSeqs } from '#db/reconcile-unrest.ts';
import { DAY_MS, MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { type EndOfRepair, endRepair } from './end-repair.ts';
import type { Found } from './kinds.ts';

/** Before everything that only waits; behind what a customer waits for. */
const SYNC_PRIORITY = 3;
const LOOK_MS = 2 * SECOND_MS;
const LOOK_MAX_MS = MINUTE_MS;
const PATIENCE_MS = DAY_MS;

/** Since when the workers are asked, and the dirty mark of each Stripe customer that their reading must come after. */
type Asked = { at: number; seqs: Record<string, number> };

export function readAsked({ asked }: ReconcileFindingRow): Asked | null {
  return asked === null ? null : (JSON.parse(asked) as Asked);
}

export function sessionOf({ evidence }: ReconcileFindingRow): string | null {
  const { session } = JSON.parse(evidence) as { session?: string | null };
  return session ?? null;
}

/** Has the customer fetched anew if Stripe says at this moment what was approved; else nothing is done, and it says why. */
export async function askForRepair(
  sql: Sql,
  now: number,
  finding: ReconcileFindingRow,
  found: readonly Found[],
): Promise<void> {
  if (!(await holdsRepair(sql, finding))) return;
  const customers = await customersOf(sql, finding);
  const end = objectionTo(finding, found, customers, await againLine(sql, finding));
  if (end) return endRepair(sql, now, finding, end);
  for (const id of customers) await markDirty(sql, id, SYNC_PRIORITY);
  if (isPayment(finding))
    await askForPayment(sql, {
      payment_id: finding.subject,
      stripe_customer_id: customers[0] ?? '',
      session_id: sessionOf(finding),
      asked_at: now,
    });
  const seqs = (await listSyncSeqs(sql, customers)).map((row) => [row.stripe_customer_id, row.dirty_seq]);
  const asked: Asked = { at: now, seqs: Object.fromEntries(seqs) };
  await settleRepair(sql, finding, {
    asked: JSON.stringify(asked),
    next_attempt_at: now + LOOK_MS,
    attempts: 0,
    outcome: 'The customer is being fetched from Stripe anew.',
  });
}

/** Why what was approved is not done. */
function objectionTo(
  finding: ReconcileFindingRow,
  found: readonly Found[],
  customers: readonly string[],
  again: string,
): EndOfRepair | null {
  if (found.length === 0) return { state: 'gone', outcome: 'Both sides agree by now, so nothing was done.' };
  const refused = (outcome: string): EndOfRepair => ({ state: 'refused', outcome });
  const still = found.find(({ kind, subject }) => kind === finding.kind && subject === finding.subject);
  if (!still) return refused(`It differs in another way now, so nothing was done. Look again: ${again}`);
  if (customers.length === 0)
    return refused('The customer is linked to no Stripe customer; link one, or use tier reset.');
  if (still.isAmbiguous) return refused(`It became ambiguous, so a person decides. ${still.action}`);
  if (still.action !== finding.action)
    return refused(
      `What would be done by now is not what was approved: ${still.action} Look again: ${again}`,
    );
  return null;
}

/** Ends a repair when the workers were there; until then it is not called right. */
export async function checkRepair(
  sql: Sql,
  now: number,
  finding: ReconcileFindingRow,
  asked: Asked,
): Promise<void> {
  if (!(await holdsRepair(sql, finding))) return;
  const wanted = Object.keys(asked.seqs);
  const links = await customersOf(sql, finding);
  const again = await againLine(sql, finding);
  const end = (outcome: string, state: EndOfRepair['state'] = 'refused') =>
    endRepair(sql, now, finding, { state, outcome });
  if (!wanted.every((id) => links.includes(id)))
    return end(`The customer was unlinked from Stripe meanwhile. Look again: ${again}`);
  const syncs = await listSyncSeqs(sql, wanted);
  const late = syncs.filter((row) => row.synced_seq < (asked.seqs[row.stripe_customer_id] ?? 0));
  if (late.length === 0) {
    if (await isRead(sql, finding, asked)) return end(finding.action, 'applied');
    return end(`The customer was fetched anew, and this payment could not be read. Look again: ${again}`);
  }
  const waitedMs = now - asked.at;
  if (waitedMs >= PATIENCE_MS) {
    const trouble = late.find((row) => row.last_error !== null)?.last_error;
    const last = trouble ? ` The last trouble was: ${trouble.replace(/\.$/, '')}.` : '';
    return end(`The customer could not be fetched anew for a day.${last} Look again: ${again}`);
  }
  const waitMs = Math.min(Math.max(waitedMs, LOOK_MS), LOOK_MAX_MS);
  await settleRepair(sql, finding, { next_attempt_at: now + waitMs });
}

function isPayment({ kind }: ReconcileFindingRow): boolean {
  return kind.startsWith('credits_');
}

/** A pass goes on without a payment that it cannot read, so that it is over says nothing of this one. */
async function isRead(sql: Sql, finding: ReconcileFindingRow, { at }: Asked): Promise<boolean> {
  if (!isPayment(finding)) return true;
  return ((await findPayment(sql, finding.subject))?.fetched_at ?? 0) >= at;
}

async function customersOf(sql: Sql, { customer_id }: ReconcileFindingRow): Promise<string[]> {
  const links = customer_id ? await listLinks(sql, customer_id) : [];
  return links.map((link) => link.stripe_customer_id);
}

async function againLine(sql: Sql, { customer_id }: ReconcileFindingRow): Promise<string> {
  const customer = customer_id ? await findCustomerById(sql, customer_id) : undefined;
  return customer ? `reconcile run ${customer.email}` : 'reconcile run';
}
