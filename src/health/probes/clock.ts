import { MINUTE_MS, spanWords } from '#src/core/clock.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import { degraded, down, ok, type Probe } from '../probe.ts';

/** Beyond five minutes every signature is refused (docs.stripe.com/webhooks); say so long before. */
const WARN_MS = MINUTE_MS;
const REFUSED_MS = 5 * MINUTE_MS;

export const clockSkew: Probe = {
  id: 'clock',
  title: 'Clock',
  effect: 'Beyond five minutes off, every webhook of Stripe’s and every request of Slack’s is refused.',
  firstStep: 'Set this machine’s clock, and look why its time service does not.',
  async look({ stripe, now }) {
    if (!stripe) return null;
    try {
      const theirs = await stripe.webhooks.stripeTime();
      if (theirs === null) return ok('Stripe does not tell the time.');
      const skew = Math.abs(now - theirs);
      const detail = `This machine’s clock is ${spanWords(skew)} ${now > theirs ? 'ahead of' : 'behind'} Stripe’s.`;
      if (skew >= REFUSED_MS) return down(detail);
      return skew >= WARN_MS ? degraded(detail) : ok('It agrees with Stripe’s.');
    } catch (error) {
      // Stripe’s own probe tells that.
      if (isStripeTrouble(error)) return ok('Stripe does not answer, so the clocks were not compared.');
      throw error;
    }
  },
};
