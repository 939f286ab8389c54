import { z } from 'zod';
import { isoTime } from '#src/core/clock.ts';
import { fieldError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import { readCustomerTimeline } from '#src/diagnosis/customer-timeline.ts';
import {
  describeCustomerTimeline,
  timelineCells,
  timelineColumns,
} from '#src/diagnosis/describe-timeline.ts';
import { csvLine } from '#src/replies/csv.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { customerField, flagField, optionalTextField } from '#src/runner/fields.ts';
import { pastMoment, pastMomentMeta, requireOrder } from '#src/runner/past-moment.ts';

/** A screenful, and what Slack shows of a table. */
const SHOWN = 25;
/** As many as a reply can carry as one text. */
const FILE_MAX = 10_000;
const PAGES_MAX = FILE_MAX / SHOWN;

/** Operations playbook, disputes 1: the Stripe timeline, side by side with what we did. */
export const customerTimeline = defineLookup({
  name: 'customer timeline',
  summary: 'Everything of a customer in order: what happened at Stripe beside what Lucy and we did',
  examples: ['customer timeline sofia@firm.com', 'customer timeline cus_Nff2x --from 30d --csv'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({
    email: customerField,
    from: optionalTextField(40, { label: 'From', ...pastMomentMeta }),
    to: optionalTextField(40, { label: 'To', ...pastMomentMeta }),
    page: optionalTextField(4, { label: 'Page', placeholder: '1', hint: 'The newest are on the first one' }),
    csv: flagField({ label: 'As a CSV file', hint: `The newest ${FILE_MAX.toLocaleString('en-US')}` }),
  }),
  positionals: ['email'],

  async answer({ email, page: typedPage, csv, ...span }, { sql, cause }) {
    const from = span.from === undefined ? 0 : pastMoment('from', span.from, cause.now);
    const to = span.to === undefined ? cause.now : pastMoment('to', span.to, cause.now);
    requireOrder(from, to);
    const page = pageOf(typedPage);
    const customer = await findCustomer(sql, email);
    const limit = csv ? FILE_MAX : page * SHOWN;
    const { moments, hasMore } = await readCustomerTimeline(sql, customer.id, { from, to, limit });
    const end = moments.length - (page - 1) * SHOWN;
    const start = Math.max(0, end - SHOWN);
    const reply = describeCustomerTimeline(customer.email, moments.slice(start, Math.max(end, 0)), {
      isCut: page > 1 || hasMore || start > 0,
      // Up to the same moment, so that what happens meanwhile moves nothing from page to page.
      older: hasMore || start > 0 ? olderLine(customer.email, span.from, to, page + 1) : null,
    });
    const told = { ...reply, correlationId: cause.correlationId };
    if (!csv) return told;
    const text = [csvLine(timelineColumns), ...moments.map((moment) => csvLine(timelineCells(moment)))].join(
      '',
    );
    return {
      ...told,
      warnings: hasMore ? ['There are older ones than in the file; get them with an earlier --to.'] : [],
      file: { name: `timeline-${customer.id}-${isoTime(cause.now).slice(0, 10)}.csv`, text },
      json: { ...(reply.json as object), rows: moments.length, csv: text },
    };
  },
});

function olderLine(email: string, from: string | undefined, to: number, page: number): string {
  const since = from === undefined ? '' : ` --from ${from}`;
  return `customer timeline ${email}${since} --to ${isoTime(to)} --page ${page}`;
}

function pageOf(text: string | undefined): number {
  const page = text === undefined ? 1 : /^\d+$/.test(text) ? Number(text) : 0;
  if (page >= 1 && page <= PAGES_MAX) return page;
  throw fieldError(
    'page',
    `Give a page from 1 to ${PAGES_MAX}.`,
    'For more, name a time with --to, or add --csv.',
  );
}
