import type { RejectCount } from '#db/webhook-rejects.ts';
import { counted } from '#src/core/text.ts';

/** What intake says of a body that no secret signed and that Stripe would have written otherwise. */
export const REWRITTEN_BODY =
  'No signature matches, and the body is not laid out as Stripe does: something on the way parsed it and wrote it anew.';

export type Diagnosis = {
  cause:
    | 'clock'
    | 'late'
    | 'rewritten body'
    | 'no header'
    | 'wrong secret'
    | 'another sender'
    | 'not an event';
  /** What the counters show; a sentence. */
  sentence: string;
  /** What to do; a sentence. */
  hint: string;
};

/** Those that say something about signatures; a body that is too large is none of them. */
const counting = new Set([
  'no_header',
  'bad_signature',
  'too_old',
  'in_the_future',
  'not_utf8',
  'not_json',
  'not_an_event',
  'thin_event',
]);

export function countRefused(rejects: readonly RejectCount[]): number {
  return rejects.reduce((sum, { reason, count }) => sum + (counting.has(reason) ? count : 0), 0);
}

/**
 * What a burst of refused deliveries most likely is (support runbook section 5: before anybody opens a Stripe ticket).
 *
 * @param accepted webhooks that came in the same time and were taken, by the slot of the secret that had signed them
 */
export function diagnoseRejects(
  rejects: readonly RejectCount[],
  accepted: ReadonlyMap<number, number>,
): Diagnosis | null {
  const total = countRefused(rejects);
  if (total === 0) return null;
  const sum = (is: (entry: RejectCount) => boolean) =>
    rejects.reduce((all, entry) => all + (is(entry) ? entry.count : 0), 0);
  const taken = [...accepted.values()].reduce((all, count) => all + count, 0);
  const isMost = (count: number) => count * 2 > total;
  const of = (count: number) => `${count} of ${counted(total, 'refused delivery', 'refused deliveries')}`;

  const late = sum(({ reason }) => reason === 'too_old' || reason === 'in_the_future');
  if (isMost(late) && taken === 0) {
    const said =
      rejects.findLast(({ reason }) => reason === 'too_old' || reason === 'in_the_future')?.detail ?? '';
    return {
      cause: 'clock',
      sentence:
        `This machine’s clock is wrong: ${of(late)} were signed rightly, at another time than now. ${said}`.trim(),
      hint: 'Set the clock (NTP); Stripe sends again what was refused.',
    };
  }
  if (isMost(late))
    return {
      cause: 'late',
      sentence: `Old deliveries are being sent again: ${of(late)} are out of time, while ${taken} were taken, so the clock is right.`,
      hint: 'Look for a queue or a tester between Stripe and Lucy that sends recorded requests.',
    };
  const rewritten = sum(({ reason, detail }) => reason === 'not_utf8' || detail === REWRITTEN_BODY);
  if (isMost(rewritten))
    return {
      cause: 'rewritten body',
      sentence: `Something on the way changes the body: ${of(rewritten)} are not what Stripe wrote.`,
      hint: 'Let the proxy or framework before Lucy pass the raw bytes on, without parsing them.',
    };
  const headerless = sum(({ reason }) => reason === 'no_header');
  if (isMost(headerless))
    return {
      cause: 'no header',
      sentence: `${of(headerless)} had no Stripe-Signature: they are not Stripe’s, or a proxy takes the header away.`,
      hint: 'Let the proxy pass Stripe-Signature on, or close the address to others.',
    };
  const unsigned = sum(({ reason }) => reason === 'bad_signature');
  if (!isMost(unsigned))
    return {
      cause: 'not an event',
      sentence: `${of(total - unsigned)} were no Stripe events that Lucy reads.`,
      hint: 'Make the endpoint a snapshot destination in Stripe’s dashboard, and let nobody else send there.',
    };
  if (taken === 0)
    return {
      cause: 'wrong secret',
      sentence: `The signing secret is wrong: ${of(unsigned)} match no secret of STRIPE_WEBHOOK_SECRET, and none was taken meanwhile.`,
      hint: 'Copy the endpoint’s signing secret from Stripe’s dashboard into STRIPE_WEBHOOK_SECRET; during a roll keep the old one behind a comma.',
    };
  return {
    cause: 'another sender',
    sentence: `Somebody else sends here: ${of(unsigned)} match no secret, while ${bySlot(accepted)} ${taken === 1 ? 'was' : 'were'} taken.`,
    hint: 'Look at Stripe for a second endpoint with this address, and for a “stripe listen”; add its secret, or remove it.',
  };
}

/** `12 with the first secret and 3 with secret 2`: after a roll the second should fall silent. */
export function bySlot(accepted: ReadonlyMap<number, number>): string {
  return [...accepted]
    .sort(([a], [b]) => a - b)
    .map(([slot, count]) => `${count} with ${slot === 0 ? 'the first secret' : `secret ${slot + 1}`}`)
    .join(' and ');
}
