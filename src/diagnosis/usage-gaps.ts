import type { Sql } from '#db/connection.ts';
import { findAccount } from '#db/credit-accounts.ts';
import {
  type DebitGap,
  listUndebitedUsageOf,
  listUnusedDebitsOf,
  sumStaffSpends,
  type UsageGap,
} from '#db/detector-usage.ts';
import { DAY_MS, formatUtc, MINUTE_MS } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';

/** A call and its debit are one transaction; what is younger may be about to commit. */
export const IN_FLIGHT_MS = MINUTE_MS;
const LOOK_BACK_MS = 30 * DAY_MS;
const ENTRIES_MAX = 1_000;

export type UsageGaps = {
  /** AI calls without a debit, and how many of their credits staff have not taken by hand since. */
  undebited: UsageGap[];
  missing: number;
  /** Debits without an AI call. */
  unused: DebitGap[];
};

/** Where the `ai_usage` ledger and the credit ledger of a customer do not agree, in the last 30 days. */
export async function readUsageGaps(sql: Sql, customerId: string, now: number): Promise<UsageGaps> {
  const span = { since: now - LOOK_BACK_MS, until: now - IN_FLIGHT_MS };
  const account = await findAccount(sql, customerId);
  const undebited = await listUndebitedUsageOf(sql, customerId, span);
  const owed = undebited.reduce((sum, gap) => sum + gap.credits, 0);
  const first = undebited[0];
  const taken = account && first ? await sumStaffSpends(sql, account.id, first.received_at) : 0;
  const unused = account ? await listUnusedDebitsOf(sql, account.id, { ...span, limit: ENTRIES_MAX }) : [];
  return { undebited, missing: Math.max(0, owed - taken), unused };
}

export function hasGaps({ missing, unused }: UsageGaps): boolean {
  return missing > 0 || unused.length > 0;
}

/** `3 AI calls were not debited (12 credits)`, and the same for what was debited without a call. */
export function gapsWords({ undebited, missing, unused }: UsageGaps): string {
  const parts: string[] = [];
  if (missing > 0) {
    const word = undebited.length === 1 ? 'was' : 'were';
    parts.push(
      `${counted(undebited.length, 'AI call')} ${word} recorded and not debited: ${counted(missing, 'credit')} in all`,
    );
  }
  if (unused.length > 0) {
    const credits = unused.reduce((sum, gap) => sum - gap.amount, 0);
    const word = unused.length === 1 ? 'says it is for an AI call' : 'say they are for AI calls';
    parts.push(
      `${counted(unused.length, 'debit')} (${counted(credits, 'credit')}) ${word} that nobody recorded`,
    );
  }
  return parts.join('; ');
}

export function gapLines({ undebited, missing, unused }: UsageGaps, max: number): string[] {
  const calls = missing === 0 ? [] : undebited;
  return [
    ...calls
      .slice(0, max)
      .map(
        (gap) =>
          `Usage ${gap.usage_id} of ${formatUtc(gap.received_at)}: ${counted(gap.credits, 'credit')}, no ledger entry (${gap.correlation_id})`,
      ),
    ...unused
      .slice(0, max)
      .map(
        (gap) =>
          `Entry ${gap.id} of ${formatUtc(gap.at)}: ${counted(-gap.amount, 'credit')} for usage ${gap.source_id}, which is not there (${gap.correlation_id})`,
      ),
  ];
}
