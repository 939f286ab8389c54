import { z } from 'zod';
import { isoTime } from '#src/core/clock.ts';
import { readCase } from '#src/disputes/case.ts';
import { describeDispute, sideBySideCsv } from '#src/disputes/describe.ts';
import { lookUpDispute } from '#src/disputes/look-up.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { flagField, textField } from '#src/runner/fields.ts';

/** A screenful, and what Slack shows of a table. */
const ROWS = 25;

/** Playbook, disputes 1 and 2: the dispute, with Stripe’s timeline beside our own records. */
export const disputeShow = defineLookup({
  name: 'dispute show',
  summary: 'A dispute: what the bank claims, how long there is, and both sides’ records',
  examples: ['dispute show du_1MtJUT2eZvKYlo2CNaw2HvEv', 'dispute show sofia@firm.com'],
  allowed: ['billing'],
  effect: 'reads',
  input: z.object({
    dispute: textField(254, 'Name a dispute: its id, its charge or payment, or the customer.', {
      label: 'Dispute',
      placeholder: 'du_…',
      hint: 'A dispute (dp_, du_), its payment (ch_, pi_, in_), or the customer’s login email',
    }),
    csv: flagField({ label: 'As a CSV file', hint: 'Both sides’ records' }),
  }),
  positionals: ['dispute'],

  async answer({ dispute: named, csv }, { sql, stripe, mode, cause }) {
    const found = await lookUpDispute({ sql, stripe, mode, now: cause.now }, named);
    const shown = await readCase(sql, found.dispute, cause.now);
    const described = describeDispute(shown, cause.now, ROWS);
    const reply = {
      ...described,
      facts: [
        ...(described.facts ?? []),
        { label: found.isFresh ? 'Asked Stripe' : 'As of', value: { at: found.dispute.fetched_at } },
      ],
      warnings: found.warnings,
      // It is this very reply.
      buttons: (described.buttons ?? []).filter(({ label }) => label !== 'Show').concat(found.others),
      correlationId: cause.correlationId,
    };
    if (!csv) return reply;
    const text = sideBySideCsv(shown);
    return {
      ...reply,
      file: { name: `dispute-${found.dispute.id}-${isoTime(cause.now).slice(0, 10)}.csv`, text },
      json: { ...(reply.json as object), csv: text },
    };
  },
});
