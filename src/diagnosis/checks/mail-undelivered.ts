import { listGraces } from '#db/grace-periods.ts';
import { listMailsOfGrace } from '#db/mails.ts';
import { formatUtc } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { type Check, fine } from '../check.ts';

const GRACES = 3;

/** Operations playbook, failed payments 4: whether the customer was told what to do. */
export const mailUndelivered: Check = {
  id: 'mail_undelivered',
  async run({ sql, picture }) {
    const { id, email } = picture.customer;
    const graces = (await listGraces(sql, id)).slice(0, GRACES);
    const mails = (await Promise.all(graces.map((grace) => listMailsOfGrace(sql, grace.id)))).flat();
    const lost = mails.filter(({ state }) => state === 'dead' || state === 'unsure');
    const [first] = lost;
    if (!first) {
      return fine(
        mails.length > 0
          ? 'No mail to the customer was lost.'
          : 'There was nothing to write to the customer.',
      );
    }
    return {
      verdict: 'problem',
      sentence: `${counted(lost.length, 'mail')} to ${email} about a failed payment did not arrive for sure, so they may not know.`,
      evidence: lost.map(
        ({ id: mail, stage, state, created_at, error }) =>
          `${mail} (${stage}, ${formatUtc(created_at)}) ended ${state}: ${error ?? 'nobody said why'}`,
      ),
      remedy: { label: 'Show the words', line: `payment mail ${email} --preview ${first.stage}` },
    };
  },
};
