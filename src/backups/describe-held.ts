import type { HeldEffect } from '#db/held-work.ts';
import { formatUtc } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { listed } from '#src/core/text.ts';
import { readKeptCause, readWanted } from '#src/stripe-effects/wanted-effect.ts';

/** `Refund $49.00`, `Cancel subscription`. */
export function heldWords(effect: HeldEffect): string {
  const what = effect.kind.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
  const wanted = readWanted(effect);
  return 'amount' in wanted ? `${what} ${formatMoney(wanted.amount, wanted.currency)}` : what;
}

/** What it acts on, whose it is, and who wanted it: whoever lets it go says yes to that once more. */
export function requestWords(effect: HeldEffect): string {
  const { actor, reason, approval, breakGlass } = readKeptCause(effect);
  const whose = effect.email ?? effect.customer_id ?? 'nobody Lucy knows';
  const yes = approval
    ? `approved by ${listed(approval.by.map(({ name }) => name))}`
    : breakGlass
      ? 'under break-glass, approved by nobody'
      : 'approved by nobody';
  const why = reason ? ` (${reason})` : '';
  const sent = effect.resend_at === null ? '' : '; it may have been sent already';
  return `${effect.id}: ${effect.target_id} of ${whose}, asked by ${actor.name} at ${formatUtc(effect.created_at)}, ${yes}${sent}${why}`;
}

/** What leaves with these, in minor units of the first one’s currency; null when no money does. */
export function heldMoney(effects: readonly HeldEffect[]): { amount: number; currency: string } | null {
  const moved = effects
    .map(readWanted)
    // To answer a dispute with evidence keeps money here.
    .filter((wanted) => wanted.kind === 'refund' || wanted.kind === 'close_dispute');
  const [first] = moved;
  if (!first) return null;
  const { currency } = first;
  const alike = moved.filter((wanted) => wanted.currency === currency);
  return { amount: alike.reduce((sum, { amount }) => sum + amount, 0), currency };
}
