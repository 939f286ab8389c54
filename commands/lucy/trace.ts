import { z } from 'zod';
import { formatUtc, MINUTE_MS, parseDuration, parseTime } from '#src/core/clock.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import { findCustomer } from '#src/customers/find.ts';
import { describeTrail } from '#src/diagnosis/describe-trail.ts';
import { followCustomer, followId, idKinds } from '#src/diagnosis/follow.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { optionalCustomerField, optionalTextField } from '#src/runner/fields.ts';

const WINDOW_MS = 30 * MINUTE_MS;

/** Support runbook section 1 and playbook, bug investigation 1: from a ticket, a request or a time to what happened. */
export const trace = defineLookup({
  name: 'trace',
  summary: 'Follow any id, or a customer around a time, through everything',
  examples: [
    'trace ZD-812',
    'trace evt_1Pgc13B7WZ01zgkW61746564',
    'trace --email sofia@firm.com --around 14:30',
  ],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({
    id: optionalTextField(128, {
      label: 'Id',
      placeholder: 'ZD-812',
      hint: 'A ticket, an X-Request-ID, or an id such as run_, led_, evt_, cus_, sub_, in_, pi_ or ch_',
    }),
    email: optionalCustomerField,
    around: optionalTextField(40, {
      label: 'Around',
      placeholder: '14:30 or 2026-11-21T14:30',
      hint: 'With a customer; UTC unless it names its zone',
    }),
    window: optionalTextField(10, {
      label: 'Window',
      placeholder: '30m',
      hint: 'How far to look either way',
    }),
  }),
  positionals: ['id'],

  async answer({ id, email, around, window }, { sql, cause }) {
    if (id !== undefined && email === undefined && around === undefined) {
      const trail = await followId(sql, id, cause.now);
      if (trail.isEmpty) throw unknownId(id);
      return describeTrail(id, trail);
    }
    if (id !== undefined || email === undefined || around === undefined) throw unclear();
    const middle = momentOf(around, cause.now);
    const spanMs = windowOf(window);
    const customer = await findCustomer(sql, email);
    const trail = await followCustomer(sql, customer.id, middle - spanMs, middle + spanMs);
    if (trail.isEmpty) {
      throw new UserError(
        'not_found',
        `Nothing of ${customer.email} happened within ${Math.round(spanMs / MINUTE_MS)} minutes of ${formatUtc(middle)}.`,
        `Look further with --window 6h, or see the last things with: customer show ${customer.email}`,
      );
    }
    return describeTrail(`${customer.email} around ${formatUtc(middle)}`, trail);
  },
});

/** `14:30` is today's, in UTC. */
function momentOf(around: string, now: number): number {
  const isClock = /^([01]?\d|2[0-3]):[0-5]\d$/.test(around);
  const today = new Date(now).toISOString().slice(0, 10);
  const at = parseTime(isClock ? `${today}T${around.padStart(5, '0')}` : around);
  if (at !== null) return at;
  throw fieldError('around', `“${around}” is no time.`, 'Give 14:30 for today in UTC, or 2026-11-21T14:30.');
}

function windowOf(window: string | undefined): number {
  if (window === undefined) return WINDOW_MS;
  const span = parseDuration(window);
  if (span !== null && span > 0) return span;
  throw fieldError('window', `“${window}” is no span of time.`, 'Give 30m, 6h or 2d.');
}

function unclear(): UserError {
  return new UserError(
    'usage',
    'Give one id, or a customer and a time, to say what to follow.',
    'For example: trace ZD-812, or trace --email sofia@firm.com --around 14:30',
  );
}

function unknownId(id: string): UserError {
  if (id.includes('@')) {
    return new UserError(
      'usage',
      `${id} is a customer, not an id.`,
      `Say when, too: trace --email ${id} --around 14:30`,
    );
  }
  const kinds = idKinds.map(({ prefix }) => `${prefix}…`).join(', ');
  return new UserError(
    'not_found',
    `Lucy has nothing under ${id}.`,
    `It may be a ticket, a correlation ID (cor_…, or a caller’s X-Request-ID), or one of ${kinds}. For a customer: trace --email EMAIL --around TIME`,
    { id: 'Nothing is known under this id.' },
  );
}
