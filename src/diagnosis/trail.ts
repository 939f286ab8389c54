import { type AiUsageRow, listUsageByCorrelation } from '#db/ai-usage.ts';
import { type AuditEventRow, listAuditByCorrelation } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import { type CreditEntryRow, listEntriesByCorrelation } from '#db/credit-entries.ts';
import { findLink } from '#db/customer-links.ts';
import {
  type EntitlementChangeRow,
  listChangesBetween,
  listChangesByCause,
  listChangesByCorrelation,
} from '#db/entitlements.ts';
import { listMailsByCorrelation, type MailRow } from '#db/mails.ts';
import { listOutboxByCorrelation, type OutboxRow } from '#db/outbox.ts';
import { listRunsByCorrelation, type RunRow } from '#db/runs.ts';
import { listEventsByObject, type StripeEventRow } from '#db/stripe-events.ts';
import type { Moment } from './timeline.ts';

/** What a trail may lead to; more is a question for the log index. */
const CORRELATIONS_MAX = 100;

/** Everything that one id leads to, each thing once. */
export class Trail {
  readonly audit = new Map<string, AuditEventRow>();
  readonly runs = new Map<string, RunRow>();
  readonly events = new Map<string, StripeEventRow>();
  readonly entries = new Map<string, CreditEntryRow>();
  readonly changes = new Map<string, EntitlementChangeRow>();
  readonly messages = new Map<string, OutboxRow>();
  readonly mails = new Map<string, MailRow>();
  readonly usage = new Map<string, AiUsageRow>();
  /** What has an id of its own besides: incidents, releases, escalations and the like. */
  readonly things = new Map<string, Moment>();
  /** Those that led to something. */
  readonly correlationIds = new Set<string>();
  readonly #asked = new Set<string>();

  get isEmpty(): boolean {
    const { audit, runs, events, entries, changes, messages, mails, usage, things } = this;
    return [audit, runs, events, entries, changes, messages, mails, usage, things].every(
      (found) => found.size === 0,
    );
  }

  addMoment(moment: Moment): void {
    this.things.set(moment.id, moment);
  }

  add(rows: {
    audit?: readonly AuditEventRow[];
    runs?: readonly RunRow[];
    events?: readonly StripeEventRow[];
    entries?: readonly CreditEntryRow[];
    changes?: readonly EntitlementChangeRow[];
    mails?: readonly MailRow[];
    usage?: readonly AiUsageRow[];
  }): void {
    for (const row of rows.audit ?? []) this.audit.set(row.id, row);
    for (const row of rows.runs ?? []) this.runs.set(row.id, row);
    for (const row of rows.events ?? []) this.events.set(row.id, row);
    for (const row of rows.entries ?? []) this.entries.set(row.id, row);
    for (const row of rows.changes ?? []) this.changes.set(row.id, row);
    for (const row of rows.mails ?? []) this.mails.set(row.id, row);
    for (const row of rows.usage ?? []) this.usage.set(row.usage_id, row);
  }

  /** Adds whatever shares a correlation id with what was found so far. */
  async spread(sql: Sql): Promise<void> {
    for (const event of [...this.events.values()]) this.add({ changes: await changesOf(sql, event) });
    const { audit, runs, events, entries, changes, mails, usage } = this;
    const found = [audit, runs, events, entries, changes, mails, usage].flatMap((rows) =>
      [...rows.values()].map((row) => row.correlation_id),
    );
    for (const id of new Set(found)) await this.addCorrelation(sql, id);
  }

  async addCorrelation(sql: Sql, id: string): Promise<void> {
    if (this.#asked.has(id) || this.#asked.size >= CORRELATIONS_MAX) return;
    this.#asked.add(id);
    const found = {
      audit: await listAuditByCorrelation(sql, id),
      runs: await listRunsByCorrelation(sql, id),
      events: (await listEventsByObject(sql, id)).filter((event) => event.correlation_id === id),
      entries: await listEntriesByCorrelation(sql, id),
      changes: await listChangesByCorrelation(sql, id),
      mails: await listMailsByCorrelation(sql, id),
      usage: await listUsageByCorrelation(sql, id),
    };
    const messages = await listOutboxByCorrelation(sql, id);
    for (const row of messages) this.messages.set(row.id, row);
    this.add(found);
    if (messages.length > 0 || Object.values(found).some((rows) => rows.length > 0))
      this.correlationIds.add(id);
  }
}

/** One pass settles several events of a customer at once and names only the first as the cause, at one moment. */
async function changesOf(sql: Sql, event: StripeEventRow): Promise<EntitlementChangeRow[]> {
  const named = await listChangesByCause(sql, event.id);
  const { processed_at: at, stripe_customer_id: stripeCustomerId } = event;
  const link = at !== null && stripeCustomerId !== null ? await findLink(sql, stripeCustomerId) : undefined;
  return link && at !== null
    ? [...named, ...(await listChangesBetween(sql, link.customer_id, at, at))]
    : named;
}
