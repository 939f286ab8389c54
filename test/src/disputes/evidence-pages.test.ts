import { expect, test } from 'vitest';
import { DAY_MS } from '#src/core/clock.ts';
import { assembleEvidence } from '#src/disputes/evidence/assemble.ts';
import { mostPages, textPages } from '#src/disputes/evidence/limits.ts';
import type { EvidenceSources } from '#src/disputes/evidence/sources.ts';

const now = Date.UTC(2026, 0, 1);

/** A customer who used a lot, as far as evidence looks at it. */
function sources(network: string | null, words: Partial<EvidenceSources['settings']> = {}): EvidenceSources {
  const many = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => make(count - index));
  return {
    dispute: {
      id: 'du_1',
      amount: 4_900,
      currency: 'usd',
      reason: 'fraudulent',
      createdAt: now,
      network,
      evidence: {},
    },
    charge: {
      id: 'ch_1',
      createdAt: now - 30 * DAY_MS,
      amount: 4_900,
      currency: 'usd',
      paymentIntentId: 'pi_1',
    },
    refunds: [],
    customer: { name: 'Sofia', email: 'sofia@firm.com', email_verified_at: null, created_at: 0 },
    said: {},
    settings: words,
    records: {
      use: { reports: 250, calls: 1_000, credits: 2_000 },
      reports: many(250, (ago) => ({
        at: now - ago * 1e6,
        kind: 'pdf',
        report_id: `rep_${ago}`,
        correlation_id: 'c',
      })),
      usageDays: many(200, (ago) => ({ lastAt: now - ago * DAY_MS, calls: 5, credits: 9 })),
      changes: [],
      payments: [],
    },
  } as unknown as EvidenceSources;
}

test('texts count as pages, and a network that is not known takes the fewest', () => {
  expect(textPages({ access_activity_log: 'A line.\n'.repeat(400) })).toBe(11);
  expect(textPages({ product_description: 'x'.repeat(20_000) })).toBe(7);
  expect([mostPages('visa'), mostPages('mastercard'), mostPages('eftpos_au'), mostPages(null)]).toEqual([
    49, 19, 19, 19,
  ]);
});

test('where the network takes fewer pages the log goes first, and then the oldest rows; what is left is within its limit', async () => {
  const roomy = await assembleEvidence(sources('visa'));
  const narrow = await assembleEvidence(sources('mastercard'));

  expect(roomy.fields.access_activity_log).toContain('made a report');
  expect(roomy.pages + textPages(roomy.fields)).toBeGreaterThan(19);
  expect(narrow.fields.access_activity_log).toBe('The log is in the attached document.');
  expect(narrow.pages + textPages(narrow.fields)).toBeLessThanOrEqual(19);
  expect(narrow.hasUse).toBe(true);
});

test('policies that alone are too long for the network are refused, with what to do', async () => {
  const policy = 'We refund within 14 days.\n'.repeat(700);

  await expect(
    assembleEvidence(sources('mastercard', { refund_policy: policy, cancellation_policy: policy })),
  ).rejects.toThrow(/Stripe takes 19 pages/);
});
