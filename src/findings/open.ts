import type { Sql } from '#db/connection.ts';
import { closeFinding, openFinding } from '#db/findings.ts';
import type { Cause } from '#src/core/cause.ts';
import { newId } from '#src/core/ids.ts';
import type { ChannelKey } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import type { ReplyButton } from '#src/replies/reply.ts';

/** Something that a person should look at. Kinds are few and stable: reports and detectors name them. */
export type FindingKind =
  | 'unlinked_customer'
  | 'unmapped_price'
  | 'duplicate_subscription'
  | 'paid_after_cancel'
  | 'credits_debt'
  | 'customer_deleted_at_stripe'
  | 'payment_without_customer'
  | 'payment_unreadable'
  | 'invoice_not_finalized'
  | 'ledger_unbalanced'
  | 'message_undelivered'
  | 'mail_undelivered'
  | 'audit_broken'
  | 'break_glass_review'
  | 'effect_unconfirmed'
  | 'webhooks_undelivered'
  | 'webhook_endpoint_disabled'
  | 'webhook_signatures'
  | 'backup_bad'
  | 'backup_failed'
  | 'drill_failed'
  | 'held_after_restore'
  // What the detectors find and route to a team, by the names of src/routing/troubles.ts.
  | 'wrong_tier'
  | 'credits_not_granted'
  | 'credits_not_decrementing'
  | 'portal_error'
  | 'balance_stuck'
  | 'paid_without_change'
  | 'correlation_missing'
  | 'signatures_refused'
  | 'event_failed_twice';

export type Finding = {
  kind: FindingKind;
  subject: string;
  customerId: string | null;
  /** A sentence. */
  summary: string;
  /** What to do about it; a sentence. */
  hint: string;
  evidence: unknown;
  /** Null when whoever found it tells of it in words of its own. */
  tell: ChannelKey | null;
  buttons?: ReplyButton[];
};

/** Opens a finding once, and tells the channel only when it was not open already. */
export async function raiseFinding(sql: Sql, cause: Cause, finding: Finding): Promise<boolean> {
  const id = newId('fnd', cause.now);
  const isNew = await openFinding(sql, {
    id,
    kind: finding.kind,
    subject: finding.subject,
    customer_id: finding.customerId,
    summary: finding.summary,
    evidence: JSON.stringify(finding.evidence ?? null),
    state: 'open',
    opened_at: cause.now,
    closed_at: null,
    correlation_id: cause.correlationId,
  });
  if (!isNew || finding.tell === null) return isNew;
  await postMessage(sql, cause, {
    dedupeKey: `finding:${id}`,
    target: finding.tell,
    reply: {
      tone: 'warning',
      title: finding.summary,
      hint: finding.hint,
      correlationId: cause.correlationId,
      ...(finding.buttons ? { buttons: finding.buttons } : {}),
    },
  });
  return true;
}

export async function settleFinding(
  sql: Sql,
  kind: FindingKind,
  subject: string,
  now: number,
): Promise<void> {
  await closeFinding(sql, kind, subject, now);
}
