import { z } from 'zod';
import { type AuditFilter, type FoundAuditRow, searchAuditEvents } from '#db/audit-events.ts';
import type { Sql } from '#db/connection.ts';
import { columns, csvColumns, csvRow, rowJson, tableRow } from '#src/audit/describe-row.ts';
import { nameActor } from '#src/audit/name-actor.ts';
import { recordAudit } from '#src/audit/record.ts';
import { findAudit } from '#src/audit/search.ts';
import { fieldError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { findCustomer } from '#src/customers/find.ts';
import { tellsOf, withoutWords } from '#src/incidents/hide.ts';
import { hiddenFrom } from '#src/incidents/private.ts';
import { csvLine } from '#src/replies/csv.ts';
import type { Reply } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import {
  flagField,
  optionalChoiceField,
  optionalCustomerField,
  optionalTextField,
} from '#src/runner/fields.ts';
import { pastMoment, pastMomentMeta, requireOrder } from '#src/runner/past-moment.ts';

const SHOWN = 20;
const SHOWN_MAX = 200;
/** As many as a reply can carry as one text. */
const FILE_MAX = 10_000;

/**
 * Who did what, when and why, over everybody and everything. Not for support, whom `trace` answers about a ticket or
 * a customer: this lists all colleagues' acts and refusals, and exports customers by the thousand.
 */
export const auditSearch = defineLookup({
  name: 'audit search',
  summary: 'Search who did what, when and why, and export it',
  examples: [
    'audit search --customer sofia@firm.com',
    'audit search --actor Sam --from 7d --outcome refused',
    'audit search --command "credits grant" --from 2026-11-01 --to 2026-11-30 --csv',
  ],
  allowed: ['billing', 'oncall'],
  effect: 'reads',
  input: z.object({
    customer: optionalCustomerField,
    actor: optionalTextField(80, {
      label: 'Who',
      placeholder: 'Sam',
      hint: 'A name, a Slack member id, or terminal:ada',
    }),
    command: optionalTextField(80, { label: 'Command', placeholder: 'credits grant' }),
    ticket: optionalTextField(100, { label: 'Ticket', placeholder: 'ZD-812' }),
    outcome: optionalChoiceField(['done', 'refused', 'failed'], { label: 'Outcome' }),
    from: optionalTextField(40, { label: 'From', ...pastMomentMeta }),
    to: optionalTextField(40, { label: 'To', ...pastMomentMeta }),
    limit: optionalTextField(6, { label: 'How many rows', placeholder: String(SHOWN) }),
    csv: flagField({ label: 'As a CSV file', hint: `Everything that matches, up to ${FILE_MAX} rows` }),
  }),
  positionals: [],

  async answer(input, { sql, settings, cause }) {
    const filter: AuditFilter = {
      ...(input.customer === undefined ? {} : { customerId: await customerId(sql, input.customer) }),
      ...(input.actor === undefined ? {} : nameActor(settings, input.actor)),
      ...(input.command === undefined ? {} : { command: input.command.toLowerCase() }),
      ...(input.ticket === undefined ? {} : { ticket: input.ticket }),
      ...(input.outcome === undefined ? {} : { outcome: input.outcome }),
      ...(input.from === undefined ? {} : { from: pastMoment('from', input.from, cause.now) }),
      ...(input.to === undefined ? {} : { to: pastMoment('to', input.to, cause.now) }),
    };
    requireOrder(filter.from, filter.to);
    const limit = limitOf(input.limit, input.csv);
    const hidden = await hiddenFrom(sql, cause.actor);
    const show: Show = (row) => (tellsOf(hidden, row) ? withoutWords(row) : row);
    if (!input.csv) return shown(sql, filter, limit, show);
    const made = await inFile(sql, filter, limit, cause.now, show);
    const { csv: _csv, ...asked } = input;
    // Who took what others did out of Lucy, and of whom: written down before they have it.
    await recordAudit(sql, cause, {
      command: 'audit search',
      outcome: 'done',
      customerId: filter.customerId ?? null,
      input: { ...asked, csv: true },
      before: null,
      after: made.taken,
    });
    return made.reply;
  },
});

/** What private incidents say is for their people. */
type Show = (row: FoundAuditRow) => FoundAuditRow;

async function shown(sql: Sql, filter: AuditFilter, limit: number, show: Show): Promise<Reply> {
  const found = await searchAuditEvents(sql, filter, null, limit + 1);
  const rows = found.slice(0, limit).map(show);
  const hasMore = found.length > limit;
  return {
    tone: 'info',
    title: hasMore
      ? `These are the newest ${limit} of the audit rows that match.`
      : rows.length > 0
        ? `${counted(rows.length, 'audit row')} ${rows.length === 1 ? 'matches' : 'match'}, newest first.`
        : 'No audit row matches.',
    ...(rows.length > 0
      ? { sections: [{ heading: 'Audit', table: { columns, rows: rows.map(tableRow) } }] }
      : {}),
    ...(hasMore
      ? { hint: 'There are more: narrow it down with --from and --to, or get all of them with --csv.' }
      : rows.length === 0
        ? { hint: 'Names of commands are whole (“credits grant”), tickets are as they were typed.' }
        : {}),
    json: { rows: rows.map(rowJson), hasMore },
  };
}

async function inFile(
  sql: Sql,
  filter: AuditFilter,
  limit: number,
  now: number,
  show: Show,
): Promise<{ reply: Reply; taken: { file: string; rows: number; hasMore: boolean } }> {
  let text = csvLine(csvColumns);
  let count = 0;
  let hasMore = false;
  for await (const row of findAudit(sql, filter, limit + 1)) {
    if (count === limit) hasMore = true;
    else {
      text += csvLine(csvRow(show(row)));
      count++;
    }
  }
  const name = `audit-${new Date(now).toISOString().slice(0, 19).replaceAll(':', '')}.csv`;
  const taken = { file: name, rows: count, hasMore };
  const reply: Reply = {
    tone: 'info',
    title: `${counted(count, 'audit row')} as CSV, newest first.`,
    warnings: hasMore
      ? [`More rows match than the ${limit} in the file; get the older ones with an earlier --to.`]
      : [],
    hint: 'That you took them is in the audit, too.',
    file: { name, text },
    json: { ...taken, csv: text },
  };
  return { reply, taken };
}

async function customerId(sql: Sql, named: string): Promise<string> {
  return (await findCustomer(sql, named)).id;
}

function limitOf(text: string | undefined, isFile: boolean): number {
  const max = isFile ? FILE_MAX : SHOWN_MAX;
  if (text === undefined) return isFile ? FILE_MAX : SHOWN;
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= max) return limit;
  throw fieldError('limit', `Give a number from 1 to ${max}.`, isFile ? '' : 'For more, add --csv.');
}
