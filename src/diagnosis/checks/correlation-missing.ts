import { listUntracedChangesOf } from '#db/detector-changes.ts';
import { countUntracedUsage } from '#db/detector-usage.ts';
import { DAY_MS, formatUtc, isoTime, MINUTE_MS } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { type Check, fine } from '../check.ts';

const LOOKED_AT = 50;

/** Support runbook sections 1 and 5: whether every change of this customer can be followed by its correlation id. */
export const correlationMissing: Check = {
  id: 'correlation_missing',
  async run({ sql, now, picture }) {
    const { id, email } = picture.customer;
    const untraced = await listUntracedChangesOf(sql, id, now - 30 * DAY_MS, now - MINUTE_MS);
    const [first] = untraced;
    if (first) {
      return {
        verdict: 'problem',
        sentence: `${counted(untraced.length, 'entitlement change')} of ${email} cannot be followed: the audit knows nothing of them.`,
        evidence: untraced
          .slice(0, 5)
          .map(
            (change) =>
              `${change.id}: ${change.from_tier} → ${change.to_tier} at ${formatUtc(change.at)}, correlation id ${change.correlation_id || 'missing'}`,
          ),
        remedy: { label: 'What happened then', line: `trace --email ${email} --around ${isoTime(first.at)}` },
      };
    }
    const usage = await countUntracedUsage(sql, id, LOOKED_AT);
    const callers =
      usage.all > 0
        ? ` Of the last ${counted(usage.all, 'AI call')}, ${usage.all - usage.untraced} came with an X-Request-ID of the product.`
        : '';
    return fine(`Every change of the last 30 days has a correlation id that the audit knows.${callers}`);
  },
};
