import type { Sql } from '#db/connection.ts';
import { findCustomerById } from '#db/customers.ts';
import type { DisputeRow } from '#db/disputes.ts';
import { isoTime } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import { csvLine } from '#src/replies/csv.ts';
import type { Reply, ReplyButton, Section, Value } from '#src/replies/reply.ts';
import { leftWords } from './case-facts.ts';
import { reasonName } from './reasons.ts';
import { settledAt, standsWords, waitsForDecision, wantsAnswer } from './status.ts';

export type ListedDispute = { dispute: DisputeRow; email: string | null };

const BUTTONS_MAX = 5;

const overButton: ReplyButton = {
  kind: 'command',
  label: 'Those that are over',
  line: 'dispute list --all',
};

export async function withEmails(sql: Sql, disputes: readonly DisputeRow[]): Promise<ListedDispute[]> {
  return Promise.all(
    disputes.map(async (dispute) => ({
      dispute,
      email: dispute.customer_id ? ((await findCustomerById(sql, dispute.customer_id))?.email ?? null) : null,
    })),
  );
}

/** Open ones by their deadline, then, when asked for, those that are over. */
export function listDisputes(
  open: readonly ListedDispute[],
  closed: readonly ListedDispute[],
  isAll: boolean,
  now: number,
): Reply {
  const waiting = open.filter(({ dispute }) => waitsForDecision(dispute));
  return {
    tone: waiting.length > 0 ? 'warning' : 'info',
    title:
      open.length === 0
        ? 'No dispute is open.'
        : `${counted(open.length, 'dispute')} ${open.length === 1 ? 'is' : 'are'} open; ${waiting.length} ${waiting.length === 1 ? 'waits' : 'wait'} for a decision.`,
    sections: [
      ...(open.length > 0 ? [section('Open, the soonest deadline first', open, now)] : []),
      ...(isAll ? [section('Over, the newest first', closed, now)] : []),
    ],
    ...(isAll ? {} : { hint: 'Those that are over: dispute list --all' }),
    buttons: [...open.slice(0, BUTTONS_MAX).map(buttonOf), ...(isAll ? [] : [overButton])],
    json: { open: open.map(jsonOf), ...(isAll ? { closed: closed.map(jsonOf) } : {}) },
  };
}

function section(heading: string, listed: readonly ListedDispute[], now: number): Section {
  return {
    heading,
    table: {
      columns: ['Dispute', 'Customer', 'Amount', 'Reason', 'Stands', 'Answer by', 'Left'],
      rows: listed.map((entry) => rowOf(entry, now)),
    },
    empty: 'None.',
  };
}

function rowOf({ dispute, email }: ListedDispute, now: number): Value[] {
  const due = wantsAnswer(dispute) ? dispute.due_by : null;
  return [
    { code: dispute.id },
    email ?? dispute.stripe_customer_id ?? 'unknown',
    formatMoney(dispute.amount, dispute.currency),
    reasonName(dispute.reason),
    dispute.decision && settledAt(dispute) === null && !waitsForDecision(dispute)
      ? `Decided: ${dispute.decision}`
      : standsWords(dispute),
    due === null ? '' : { at: due },
    due === null ? '' : due > now ? leftWords(due - now) : 'passed',
  ];
}

function buttonOf({ dispute, email }: ListedDispute): ReplyButton {
  const money = formatMoney(dispute.amount, dispute.currency);
  return {
    kind: 'command',
    label: `Show ${money}, ${email ?? dispute.id}`,
    line: `dispute show ${dispute.id}`,
  };
}

export function jsonOf({ dispute, email }: ListedDispute): Record<string, unknown> {
  return {
    id: dispute.id,
    customer: email,
    stripeCustomer: dispute.stripe_customer_id,
    charge: dispute.charge_id,
    amountMinor: dispute.amount,
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    phase: dispute.phase,
    dueBy: dispute.due_by === null ? null : isoTime(dispute.due_by),
    decision: dispute.decision,
    refundedAt: dispute.refunded_at === null ? null : isoTime(dispute.refunded_at),
    openedAt: isoTime(dispute.opened_at),
    closedAt: dispute.closed_at === null ? null : isoTime(dispute.closed_at),
  };
}

export function disputesCsv(listed: readonly ListedDispute[]): string {
  const columns = [
    'id',
    'customer',
    'stripe_customer',
    'charge',
    'amount_minor',
    'currency',
    'reason',
    'status',
    'phase',
    'due_by',
    'decision',
    'refunded_at',
    'opened_at',
    'closed_at',
  ];
  const lines = listed.map((entry) => csvLine(Object.values(jsonOf(entry)) as (string | number | null)[]));
  return [csvLine(columns), ...lines].join('');
}
