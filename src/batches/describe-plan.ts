import { counted } from '#src/core/text.ts';
import type { Change, Fact } from '#src/replies/reply.ts';

/** How many customers a preview shows by name. */
const SAMPLE = 5;
/** How many customers that stand in several lines are warned of by name. */
const SEVERAL_SHOWN = 5;

/** What one customer gets by all of its lines together. */
export type Share = { email: string; lines: number; credits: number; before: number };

/** By customer, in the order of the file. */
export function sharesOf(
  lines: readonly { email: string; credits: number }[],
  balanceOf: (email: string) => number,
): Share[] {
  const shares = new Map<string, Share>();
  for (const { email, credits } of lines) {
    const share = shares.get(email) ?? { email, lines: 0, credits: 0, before: balanceOf(email) };
    shares.set(email, { ...share, lines: share.lines + 1, credits: share.credits + credits });
  }
  return [...shares.values()];
}

/** A few of them, before → after. */
export function sampleChanges(shares: readonly Share[]): Change[] {
  return shares.slice(0, SAMPLE).map(({ email, credits, before }) => ({
    label: email,
    before: counted(before, 'credit'),
    after: counted(before + credits, 'credit'),
  }));
}

export function sumOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { credits }) => sum + credits, 0);
}

/** Of one customer, all of its lines together: so that splitting a gift is no way round a limit. */
export function largestOf(shares: readonly Share[]): Share | undefined {
  return shares.reduce<Share | undefined>(
    (most, share) => (most && most.credits >= share.credits ? most : share),
    undefined,
  );
}

export function sumFacts(file: string, lines: number, shares: readonly Share[]): Fact[] {
  const largest = largestOf(shares);
  return [
    { label: 'File', value: `${file}, ${counted(lines, 'line')} for ${counted(shares.length, 'customer')}` },
    { label: 'In all', value: counted(sumOf(shares), 'credit') },
    ...(largest && largest.credits > 0
      ? [{ label: 'Largest', value: `${counted(largest.credits, 'credit')} for ${largest.email}` }]
      : []),
    ...(shares.length > SAMPLE
      ? [{ label: 'Shown', value: `The first ${SAMPLE} of ${counted(shares.length, 'customer')}` }]
      : []),
  ];
}

/** The same customer in several lines may be meant, and is worth a look. */
export function severalWarnings(shares: readonly Share[]): string[] {
  const several = shares.filter(({ lines }) => lines > 1);
  const shown = several
    .slice(0, SEVERAL_SHOWN)
    .map(
      ({ email, lines, credits }) =>
        `${email} stands in ${counted(lines, 'line')} and gets ${counted(credits, 'credit')} in all.`,
    );
  const left = several.length - shown.length;
  return left > 0 ? [...shown, `So do ${counted(left, 'other customer')}.`] : shown;
}
