import type { AiUsageRow } from '#db/ai-usage.ts';
import type { AuditEventRow } from '#db/audit-events.ts';
import type { CreditEntryRow } from '#db/credit-entries.ts';
import type { EntitlementChangeRow } from '#db/entitlements.ts';
import type { MailRow } from '#db/mails.ts';
import type { OutboxRow } from '#db/outbox.ts';
import type { RunRow } from '#db/runs.ts';
import type { StripeEventRow } from '#db/stripe-events.ts';
import { counted } from '#src/core/text.ts';
import { readReply } from '#src/replies/reply.ts';
import type { Trail } from './trail.ts';

/** One thing that happened, in a sentence. */
export type Moment = { at: number; kind: string; id: string; correlationId: string; sentence: string };

/** Everything of a trail in the order in which it happened. */
export function timelineOf(trail: Trail): Moment[] {
  const audited = new Set([...trail.audit.values()].map((row) => row.run_id));
  const moments: Moment[] = [
    ...[...trail.events.values()].map(momentOfEvent),
    // A run that was carried out has its audit row, which says the same.
    ...[...trail.runs.values()].filter((run) => !audited.has(run.id)).map(momentOfRun),
    ...[...trail.audit.values()].map(momentOfAudit),
    ...[...trail.entries.values()].map(momentOfEntry),
    ...[...trail.changes.values()].map(momentOfChange),
    ...[...trail.usage.values()].map(momentOfUsage),
    ...[...trail.messages.values()].map(momentOfMessage),
    ...[...trail.mails.values()].map(momentOfMail),
    ...trail.things.values(),
  ];
  // Sorting is stable, so what has one moment stays in the order of cause and effect above.
  return moments.sort((a, b) => a.at - b.at);
}

export function momentOfEvent(event: StripeEventRow): Moment {
  const times = event.delivery_count > 1 ? `, ${event.delivery_count} times` : '';
  const outcome = event.error ?? event.outcome;
  return {
    at: event.received_at,
    kind: 'event',
    id: event.id,
    correlationId: event.correlation_id,
    sentence: `Stripe sent ${event.type}${times}; it is ${event.status}${outcome ? ` (${outcome})` : ''}.`,
  };
}

export function momentOfRun(run: RunRow): Moment {
  const became = {
    draft: 'and did not confirm it',
    planned: 'and did not confirm it',
    waiting: 'and it waits for an approval',
    carrying: 'and it is on its way to Stripe',
    done: '',
    cancelled: 'and it was cancelled',
    failed: 'and Stripe refused it',
  }[run.state];
  return {
    at: run.created_at,
    kind: 'run',
    id: run.id,
    correlationId: run.correlation_id,
    sentence: `${run.actor_name} asked for “${run.command}” ${became}`.trim().concat('.'),
  };
}

export function momentOfAudit(row: AuditEventRow): Moment {
  const why = [row.reason?.replace(/\.$/, ''), row.ticket].filter(Boolean).join(', ');
  const did = { done: 'ran', refused: 'was refused', failed: 'failed to run' }[row.outcome];
  return {
    at: row.at,
    kind: 'audit',
    id: row.id,
    correlationId: row.correlation_id,
    sentence: `${row.actor_name} ${did} “${row.command}”${why ? `: ${why}` : ''}.`,
  };
}

export function momentOfEntry(entry: CreditEntryRow): Moment {
  const amount = counted(Math.abs(entry.amount), 'credit');
  const did = {
    grant: 'granted',
    spend: 'spent',
    expire: 'lapsed',
    reverse: 'taken back',
    reinstate: 'given back',
  }[entry.type];
  return {
    at: entry.at,
    kind: 'ledger',
    id: entry.id,
    correlationId: entry.correlation_id,
    sentence: `${amount} ${did}, which left ${entry.balance_after}${entry.reason ? `: ${entry.reason}` : ''}.`,
  };
}

export function momentOfChange(change: EntitlementChangeRow): Moment {
  const moved = [
    change.from_tier === change.to_tier ? null : `Tier ${change.from_tier} → ${change.to_tier}`,
    change.from_access === change.to_access ? null : `Access ${change.from_access} → ${change.to_access}`,
  ].filter(Boolean);
  return {
    at: change.at,
    kind: 'entitlement_change',
    id: change.id,
    correlationId: change.correlation_id,
    sentence: `${moved.join(', ')}: ${change.reason}`,
  };
}

function momentOfMessage(message: OutboxRow): Moment {
  const where = message.target.startsWith('user:') ? 'a direct message' : `the ${message.target} channel`;
  const became = {
    pending: 'waits to be sent',
    sending: 'is being sent',
    sent: 'was sent',
    folded:
      message.error?.startsWith('folded into') === false
        ? `was not needed (${message.error})`
        : 'went into a digest',
    dead: 'could not be sent',
  }[message.state];
  return {
    at: message.created_at,
    kind: 'message',
    id: message.id,
    correlationId: message.correlation_id,
    sentence: `A message to ${where} ${became}: ${titleOf(message)}`,
  };
}

function momentOfMail(mail: MailRow): Moment {
  const about = {
    start: 'that a payment failed',
    reminder: 'to remind of a payment',
    expired: 'that the grace is over',
    recovered: 'to thank for a payment',
  }[mail.stage];
  const became = {
    pending: 'waits to be sent',
    sending: 'is being sent',
    sent: 'was sent',
    skipped: 'was not sent',
    unsure: 'may have been sent',
    dead: 'could not be sent',
  }[mail.state];
  return {
    at: mail.created_at,
    kind: 'mail',
    id: mail.id,
    correlationId: mail.correlation_id,
    sentence: `A mail to the customer ${about} ${became}${mail.error ? `: ${mail.error}` : '.'}`,
  };
}

function momentOfUsage(usage: AiUsageRow): Moment {
  const model = usage.model === null ? '' : ` of ${usage.model}`;
  return {
    at: usage.received_at,
    kind: 'usage',
    id: usage.usage_id,
    correlationId: usage.correlation_id,
    sentence: `The product told of a call${model} (${usage.usage_id}) that cost ${counted(usage.credits, 'credit')}.`,
  };
}

export function titleOf(message: OutboxRow): string {
  return readReply(message.payload).title;
}
