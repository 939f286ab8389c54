import { isoTime } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import type { Cell } from '#src/replies/csv.ts';
import type { Reply, Section, Value } from '#src/replies/reply.ts';
import type { LedgerAudit, ProvedEntry } from './audit-ledger.ts';
import { signed } from './describe.ts';

const PROBLEMS_SHOWN = 10;
const ROWS_SHOWN = 20;

/** The proof for people: that it adds up, or where it first does not. */
export function describeAudit(email: string, audit: LedgerAudit, last: readonly ProvedEntry[]): Reply {
  const { account, entries, problems } = audit;
  if (!account)
    return {
      tone: 'info',
      title: `${email} never had credits, so there is nothing to prove.`,
      json: { email, addsUp: true, entries: 0, problems: [] },
    };
  const [first] = problems;
  return {
    tone: first ? 'warning' : 'info',
    title: first
      ? `The credits of ${email} do not add up. ${first}`
      : `The credits of ${email} add up: ${counted(entries, 'entry', 'entries')} come to ${counted(account.balance, 'credit')}.`,
    ...(first
      ? { hint: 'Nothing was changed. Escalate to the data platform team; the entries are the truth.' }
      : {}),
    sections: [
      ...(problems.length > 1 ? [problemSection(problems)] : []),
      sumSection(audit),
      paymentSection(audit),
      entrySection(entries, last),
    ],
    buttons: [
      { kind: 'command', label: 'All entries as CSV', line: `credits audit ${email} --csv` },
      { kind: 'command', label: 'Credits', line: `credits show ${email}` },
    ],
    json: auditJson(email, audit),
  };
}

function problemSection(problems: readonly string[]): Section {
  const hidden = problems.length - PROBLEMS_SHOWN;
  return {
    heading:
      hidden > 0 ? `The first ${PROBLEMS_SHOWN} of ${problems.length} problems` : 'What does not add up',
    lines: problems.slice(0, PROBLEMS_SHOWN).map((problem) => [problem]),
  };
}

function sumSection({ account, sum, lots, payments }: LedgerAudit): Section {
  const inLots = lots.reduce((all, lot) => all + lot.remaining, 0);
  const owed = payments.reduce((all, payment) => all + payment.credits_debt, 0);
  return {
    heading: 'Sums',
    table: {
      columns: ['What', 'The account says', 'It adds up to'],
      rows: [
        ['Balance, from all entries', String(account?.balance), String(sum)],
        [`Balance, from ${counted(lots.length, 'lot')}`, String(account?.balance), String(inLots)],
        ['Owed, from all payments', String(account?.debt), String(owed)],
      ],
    },
  };
}

function paymentSection({ payments }: LedgerAudit): Section {
  const hidden = payments.length - ROWS_SHOWN;
  const rows = payments.slice(-ROWS_SHOWN).map((payment): Value[] => {
    const money = (amount: number) =>
      payment.currency ? formatMoney(amount, payment.currency) : String(amount);
    return [
      payment.paid_at === null ? 'not paid' : { at: payment.paid_at },
      { code: payment.id },
      money(payment.amount_paid),
      money(payment.amount_refunded),
      String(payment.credits_granted),
      String(payment.credits_reversed),
      String(payment.credits_debt),
    ];
  });
  return {
    heading: hidden > 0 ? `Payments (the last ${ROWS_SHOWN} of ${payments.length})` : 'Payments',
    table: { columns: ['Paid', 'Payment', 'Amount', 'Refunded', 'Granted', 'Taken back', 'Owed'], rows },
    empty: 'None: no payment brought credits.',
  };
}

function entrySection(entries: number, last: readonly ProvedEntry[]): Section {
  return {
    heading: entries > last.length ? `Entries (the last ${last.length} of ${entries})` : 'Entries',
    table: {
      columns: ['No.', 'When', 'What', 'Credits', 'Balance', 'Adds up to', 'Entry'],
      rows: last.map((entry) => [
        String(entry.seq),
        { at: entry.at },
        entry.type,
        signed(entry.amount),
        String(entry.balance_after),
        String(entry.running),
        { code: entry.id },
      ]),
    },
  };
}

function auditJson(email: string, audit: LedgerAudit): Record<string, unknown> {
  const { account, entries, sum, lots, payments, problems } = audit;
  return {
    email,
    addsUp: problems.length === 0,
    problems,
    balance: account?.balance,
    held: account?.held,
    debt: account?.debt,
    entries,
    sum,
    lots: lots.map(({ id, granted, remaining, allocated }) => ({ id, granted, remaining, allocated })),
    payments: payments.map((payment) => ({
      id: payment.id,
      currency: payment.currency,
      amountPaidMinor: payment.amount_paid,
      amountRefundedMinor: payment.amount_refunded,
      creditsGranted: payment.credits_granted,
      creditsTakenBack: payment.credits_reversed,
      creditsOwed: payment.credits_debt,
    })),
  };
}

export const auditColumns: readonly string[] = [
  'no',
  'at',
  'entry',
  'type',
  'credits',
  'balance',
  'adds_up_to',
  'in_lots',
  'source',
  'reversal_of',
  'actor',
  'reason',
  'ticket',
  'correlation_id',
];

export function auditCells(entry: ProvedEntry): Cell[] {
  return [
    entry.seq,
    isoTime(entry.at),
    entry.id,
    entry.type,
    entry.amount,
    entry.balance_after,
    entry.running,
    entry.allocated,
    entry.source_id,
    entry.reversal_of,
    entry.actor,
    entry.reason,
    entry.ticket,
    entry.correlation_id,
  ];
}
