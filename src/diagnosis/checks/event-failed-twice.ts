import { listEventFacts } from '#db/detector-events.ts';
import { counted } from '#src/core/text.ts';
import { type Check, fine } from '../check.ts';
import { failureLine } from '../failure-line.ts';

const SHOWN = 5;

/** Support runbook section 4, step 4, and quick reference row 1: this customer's events that fail, and those parked. */
export const eventFailedTwice: Check = {
  id: 'event_failed_twice',
  async run({ sql, picture, stripeCustomers }) {
    const { email } = picture.customer;
    const failing = await listEventFacts(sql, stripeCustomers, ['failed', 'dead'], 50);
    const parked = await listEventFacts(sql, stripeCustomers, ['waiting', 'quarantined'], SHOWN);
    const [first] = failing;
    if (first) {
      const tries = failing.reduce((sum, { attempts }) => sum + attempts, 0);
      return {
        verdict: 'problem',
        sentence: `${counted(failing.length, 'event')} of ${email} ${failing.length === 1 ? 'fails' : 'fail'}, after ${counted(tries, 'try', 'tries')}${failing.some(({ attempts }) => attempts >= 2) ? ': that is for billing engineering' : ''}.`,
        evidence: failing.slice(0, SHOWN).map(failureLine),
        remedy: { label: 'Replay the event', line: `webhook replay ${first.id}` },
      };
    }
    if (parked.length === 0) return fine('No event failed.');
    return {
      verdict: 'problem',
      sentence: `${counted(parked.length, 'event')} of ${email} ${parked.length === 1 ? 'is' : 'are'} parked and had no effect.`,
      evidence: parked.map(({ id, type, status }) => `${id} (${type}) is ${status}`),
      remedy: { label: 'Show the event', line: `webhook show ${parked[0]?.id ?? ''}` },
    };
  },
};
