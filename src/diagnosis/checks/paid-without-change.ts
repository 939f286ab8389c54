import { listLeftBehind, listPaidHandledOf } from '#db/detector-events.ts';
import { formatUtc, MINUTE_MS } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { type Check, fine } from '../check.ts';
import { findUnbooked } from '../unbooked.ts';

/** A pass takes seconds; what is younger is still on its way. */
export const ON_ITS_WAY_MS = 3 * MINUTE_MS;
const LOOKED_AT = 20;

/** Support runbook section 5: Stripe reports a payment, and neither a change nor a reason for none followed. */
export const paidWithoutChange: Check = {
  id: 'paid_without_change',
  async run({ sql, now, picture, stripeCustomers }) {
    const { email } = picture.customer;
    const until = now - ON_ITS_WAY_MS;
    const handled = await listPaidHandledOf(sql, stripeCustomers, until, LOOKED_AT);
    const wrong: { event: string; line: string }[] = [];
    for (const event of handled) {
      const line = await findUnbooked(sql, event);
      if (line) wrong.push({ event: event.id, line });
    }
    for (const event of await listLeftBehind(sql, until, LOOKED_AT, stripeCustomers)) {
      wrong.push({
        event: event.id,
        line: `${event.type} ${event.id} of ${formatUtc(event.received_at)} was received, and no worker will look at it.`,
      });
    }
    const [first] = wrong;
    if (!first) {
      return fine(
        handled.length > 0
          ? `The last ${counted(handled.length, 'payment event')} each led to a change, or to a reason for none.`
          : 'No event of a payment came yet.',
      );
    }
    return {
      verdict: 'problem',
      sentence: `Stripe told of ${counted(wrong.length, 'thing')} of ${email} that came to nothing here.`,
      evidence: wrong.map(({ line }) => line),
      remedy: { label: 'Replay the event', line: `webhook replay ${first.event}` },
    };
  },
};
