import type { CreditEntryRow } from '#db/credit-entries.ts';
import type { CreditLotRow } from '#db/credit-lots.ts';
import { isoTime } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import type { Fact, Reply, Value } from '#src/replies/reply.ts';
import type { CreditHoldings } from './holdings.ts';

const entryWords: Record<CreditEntryRow['type'], string> = {
  grant: 'granted',
  spend: 'spent',
  expire: 'lapsed',
  reverse: 'taken back',
  reinstate: 'given back',
};

const sourceWords: Record<CreditLotRow['source_kind'], string> = {
  staff: 'granted by staff',
  payment: 'paid',
  import: 'imported',
};

/** Everything about a customer's credits: what can be spent, from which lots in which order, and what happened. */
export function describeCredits(email: string, credits: CreditHoldings): Reply {
  const { balance, held, debt, frozen, spendable } = credits;
  const facts: Fact[] = [{ label: 'Balance', value: counted(balance, 'credit') }];
  if (spendable !== balance) facts.push({ label: 'Can be spent now', value: counted(spendable, 'credit') });
  if (held > 0) facts.push({ label: 'Held', value: `${counted(held, 'credit')} for calls that still run` });
  if (frozen > 0)
    facts.push({
      label: 'Frozen',
      value: `${counted(frozen, 'credit')} of a payment under dispute: not to be spent until the bank decides`,
    });
  if (debt > 0) facts.push({ label: 'Owed', value: explainDebt(debt) });
  return {
    tone: 'info',
    title: `${email} has ${counted(balance, 'credit')}.`,
    facts,
    sections: [
      {
        heading: 'Lots, in the order in which they are spent',
        table: { columns: ['Left', 'Of', 'Expires', 'From'], rows: credits.lots.map(lotRow) },
        empty: 'None: there is nothing to spend.',
      },
      {
        heading: 'Last entries',
        table: {
          columns: ['When', 'What', 'Credits', 'Balance', 'Why', 'Entry'],
          rows: credits.entries.map(entryRow),
        },
        empty: 'None yet.',
      },
    ],
    buttons: [
      { kind: 'command', label: 'Grant', line: `credits grant ${email}` },
      { kind: 'command', label: 'Consume', line: `credits consume ${email}` },
      { kind: 'command', label: 'Show customer', line: `customer show ${email}` },
    ],
    json: creditsJson(email, credits),
  };
}

/** A balance never goes below zero; what a refund could not take is written beside it. */
export function explainDebt(debt: number): string {
  return `${counted(debt, 'credit')} of a refunded payment had been spent already. They stay owed: new credits do not pay them off, and they go when the refund fails.`;
}

function lotRow(lot: CreditLotRow): Value[] {
  return [
    lot.frozen_at === null ? String(lot.remaining) : `${lot.remaining}, frozen`,
    String(lot.granted),
    lot.expires_at === null ? 'Never' : { at: lot.expires_at },
    lot.payment_id === null
      ? sourceWords[lot.source_kind]
      : `${sourceWords[lot.source_kind]} with ${lot.payment_id}`,
  ];
}

function entryRow(entry: CreditEntryRow): Value[] {
  return [
    { at: entry.at },
    entryWords[entry.type],
    signed(entry.amount),
    String(entry.balance_after),
    entry.reason ?? entry.source_id,
    { code: entry.id },
  ];
}

export function signed(amount: number): string {
  return amount > 0 ? `+${amount}` : String(amount);
}

export function entryJson(entry: CreditEntryRow): Record<string, unknown> {
  return {
    id: entry.id,
    type: entry.type,
    amount: entry.amount,
    balanceAfter: entry.balance_after,
    source: entry.source_id,
    reversalOf: entry.reversal_of,
    actor: entry.actor,
    reason: entry.reason,
    ticket: entry.ticket,
    correlationId: entry.correlation_id,
    at: isoTime(entry.at),
  };
}

function creditsJson(email: string, credits: CreditHoldings): Record<string, unknown> {
  return {
    email,
    balance: credits.balance,
    spendable: credits.spendable,
    held: credits.held,
    debt: credits.debt,
    frozen: credits.frozen,
    lots: credits.lots.map((lot) => ({
      id: lot.id,
      remaining: lot.remaining,
      granted: lot.granted,
      expiresAt: lot.expires_at === null ? null : isoTime(lot.expires_at),
      source: lot.source_kind,
      sourceId: lot.source_id,
      isFrozen: lot.frozen_at !== null,
    })),
    entries: credits.entries.map(entryJson),
  };
}
