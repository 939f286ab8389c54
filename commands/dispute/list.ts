import { z } from 'zod';
import { listClosedDisputes, listOpenDisputes } from '#db/disputes.ts';
import { isoTime } from '#src/core/clock.ts';
import { disputesCsv, listDisputes, withEmails } from '#src/disputes/list.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { flagField } from '#src/runner/fields.ts';

const OPEN_MAX = 500;
const CLOSED_MAX = 500;

/** Playbook, disputes: what is open, the soonest deadline first. */
export const disputeList = defineLookup({
  name: 'dispute list',
  summary: 'List open disputes and inquiries, the soonest deadline first',
  examples: ['dispute list', 'dispute list --all --csv'],
  allowed: ['billing'],
  effect: 'reads',
  input: z.object({
    all: flagField({ label: 'Closed ones, too', hint: 'Won, lost and withdrawn ones, the newest first' }),
    csv: flagField({ label: 'As a CSV file' }),
  }),
  positionals: [],

  async answer({ all, csv }, { sql, cause }) {
    const open = await withEmails(sql, await listOpenDisputes(sql, OPEN_MAX));
    const closed = all ? await withEmails(sql, await listClosedDisputes(sql, CLOSED_MAX)) : [];
    const reply = { ...listDisputes(open, closed, all, cause.now), correlationId: cause.correlationId };
    if (!csv) return reply;
    const text = disputesCsv([...open, ...closed]);
    return {
      ...reply,
      file: { name: `disputes-${isoTime(cause.now).slice(0, 10)}.csv`, text },
      json: { ...(reply.json as object), csv: text },
    };
  },
});
