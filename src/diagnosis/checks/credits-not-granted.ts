import { listBookedOf } from '#db/detector-payments.ts';
import { formatUtc } from '#src/core/clock.ts';
import { counted } from '#src/core/text.ts';
import { type Check, fine } from '../check.ts';
import { findUngranted, type Ungranted } from '../ungranted.ts';

const LOOKED_AT = 12;

/** Support runbook, quick reference row 2: the payments table beside the credit event log, and both beside Stripe. */
export const creditsNotGranted: Check = {
  id: 'credits_not_granted',
  async run({ sql, settings, mode, picture, gateway, stripe, creditsSince }) {
    const { id, email } = picture.customer;
    const booked = await listBookedOf(sql, mode, id, LOOKED_AT);
    const missing: Ungranted[] = [];
    for (const payment of booked) {
      const context = { sql, settings, stripe: stripe ? gateway : null, creditsSince };
      const found = await findUngranted(context, payment);
      if (found) missing.push(found);
    }
    const unknownHere = (stripe?.invoices ?? []).filter(
      (invoice) =>
        invoice.status === 'paid' &&
        (invoice.paidAt ?? invoice.createdAt) >= creditsSince &&
        !booked.some((payment) => payment.id === invoice.id),
    );
    if (missing.length > 0 || unknownHere.length > 0) {
      const expected = missing.reduce((sum, { expected: credits }) => sum + credits, 0);
      return {
        verdict: 'problem',
        sentence:
          missing.length > 0
            ? `${counted(missing.length, 'payment')} of ${email} brought too few credits; ${counted(expected, 'credit')} are at stake.`
            : `${counted(unknownHere.length, 'payment')} of ${email} ${unknownHere.length === 1 ? 'is' : 'are'} paid at Stripe and not booked here.`,
        evidence: [
          ...missing.map(({ line }) => line),
          ...unknownHere.map(
            ({ id: invoice, paidAt, createdAt }) =>
              `${invoice} was paid ${formatUtc(paidAt ?? createdAt)} and is not booked here.`,
          ),
        ],
        // Every pass fetches the latest invoice again, and grants what is missing exactly once.
        remedy: { label: 'Book it anew', line: `tier reset ${email}` },
      };
    }
    const before = booked.filter(({ paid_at }) => (paid_at ?? 0) < creditsSince).length;
    const note =
      before > 0
        ? ` ${before} were paid before ${formatUtc(creditsSince)}, and the system before Lucy granted them.`
        : '';
    return fine(
      booked.length > 0
        ? `The last ${counted(booked.length, 'payment')} brought what they should.${note}`
        : 'Nothing was paid yet.',
    );
  },
};
