import { countUntracedUsage } from '#db/detector-usage.ts';
import { type Check, fine } from '../check.ts';
import { gapLines, gapsWords, hasGaps, readUsageGaps } from '../usage-gaps.ts';

/** Support runbook, quick reference row 3: the `ai_usage` ledger beside the credit events. */
export const creditsNotDecrementing: Check = {
  id: 'credits_not_decrementing',
  async run({ sql, now, picture }) {
    const { id, email } = picture.customer;
    const gaps = await readUsageGaps(sql, id, now);
    if (!hasGaps(gaps)) {
      const { all } = await countUntracedUsage(sql, id, 50);
      return fine(
        all > 0
          ? 'Every recorded AI call was debited, and every debit has its call.'
          : 'No AI call was recorded.',
      );
    }
    const [entry] = gaps.unused;
    return {
      verdict: 'problem',
      sentence: `${email}: ${gapsWords(gaps)}.`,
      evidence: gapLines(gaps, 5),
      remedy:
        gaps.missing > 0
          ? { label: 'Take the credits', line: `credits consume ${email} ${gaps.missing}` }
          : { label: 'Give them back', line: `credits reverse ${entry?.id ?? ''}` },
    };
  },
};
