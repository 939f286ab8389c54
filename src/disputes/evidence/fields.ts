import { formatUtc, isoTime } from '#src/core/clock.ts';
import { counted, defang } from '#src/core/text.ts';
import { LONG_TEXT, mostLetters } from './limits.ts';
import { refundWords } from './refund-words.ts';
import type { EvidenceSources } from './sources.ts';
import { accessWords } from './words.ts';

/** Where a bank looks for what was given back, too. */
const REFUNDS = 'refund_refusal_explanation';

/**
 * Stripe's fields and what stands in them (docs.stripe.com/api/disputes/evidence_object); empty ones are left out, and so
 * is the log, which the PDF has too, where there is no room for it.
 */
export function evidenceFields(sources: EvidenceSources, hasLog = true): Record<string, string> {
  const { dispute, charge, customer, settings, said, refunds } = sources;
  const note = noteField(dispute.reason);
  const refunded = refunds.map(refundWords).join('\n');
  const fields: Record<string, string | undefined> = {
    customer_name: customer.name ?? undefined,
    customer_email_address: customer.email,
    product_description: said.product ?? settings.product_description,
    service_date: isoTime(charge.createdAt).slice(0, 10),
    access_activity_log: hasLog ? activityLog(sources) : 'The log is in the attached document.',
    refund_policy_disclosure: settings.refund_policy,
    cancellation_policy_disclosure: settings.cancellation_policy,
    duplicate_charge_id: said.duplicateOf,
    [note]: said.note,
  };
  if (refunded) fields[REFUNDS] = [refunded, note === REFUNDS && said.note].filter(Boolean).join('\n');
  const given = Object.entries(fields).flatMap(([field, value]) => {
    const text = defang(value ?? '', true).trim();
    return text ? [[field, cut(text, mostLetters(field))] as const] : [];
  });
  return Object.fromEntries(given);
}

/** Where the networks look for the answer to this claim. */
function noteField(reason: string): string {
  switch (reason) {
    case 'subscription_canceled':
      return 'cancellation_rebuttal';
    case 'credit_not_processed':
      return REFUNDS;
    case 'duplicate':
      return 'duplicate_charge_explanation';
    default:
      return 'uncategorized_text';
  }
}

/** The newest first, for a bank reads from the top; what does not fit is in the PDF. */
function activityLog({ records }: EvidenceSources): string {
  const lines = [
    ...records.reports.map((row) => ({
      at: row.at,
      text: `made a report${row.kind ? ` (${row.kind})` : ''}`,
    })),
    ...records.usageDays.map((day) => ({
      at: day.lastAt,
      text: `used the service, ${counted(day.calls, 'AI call')} on this day`,
    })),
    ...records.changes.map((row) => ({ at: row.at, text: accessWords(row) })),
  ]
    .sort((a, b) => b.at - a.at)
    .map(({ at, text }) => `${formatUtc(at)}  The customer’s account: ${text}`);
  let log = '';
  for (const [index, line] of lines.entries()) {
    const rest = `… and ${counted(lines.length - index, 'earlier entry', 'earlier entries')} in the attached document.`;
    if (log.length + line.length + rest.length + 2 > LONG_TEXT) return `${log}${rest}`;
    log += `${line}\n`;
  }
  return log;
}

/** Stripe counts UTF-16 units; a pair is not torn. */
function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
