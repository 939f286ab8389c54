import { z } from 'zod';
import { formatUtc, MINUTE_MS } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { spanMs } from '#src/core/settings-words.ts';
import { findCustomer } from '#src/customers/find.ts';
import { addCases } from '#src/diagnosis/add-cases.ts';
import { momentOf, windowOf } from '#src/diagnosis/around.ts';
import { describeTrail } from '#src/diagnosis/describe-trail.ts';
import { askElsewhere, type Elsewhere, spanAround } from '#src/diagnosis/elsewhere.ts';
import { followCustomer, followId } from '#src/diagnosis/follow.ts';
import { hidePrivate } from '#src/diagnosis/hide-private.ts';
import { idKinds } from '#src/diagnosis/id-kinds.ts';
import type { Trail } from '#src/diagnosis/trail.ts';
import { withoutOwn } from '#src/diagnosis/without-own.ts';
import { type CommandContext, defineLookup } from '#src/runner/define-command.ts';
import { optionalCustomerField, optionalTextField } from '#src/runner/fields.ts';

/** Support runbook section 1 and playbook, bug investigation 1: from a ticket, a request or a time to what happened. */
export const trace = defineLookup({
  name: 'trace',
  summary: 'Follow any id, or a customer around a time, through everything',
  examples: [
    'trace ZD-812',
    'trace evt_1Pgc13B7WZ01zgkW61746564',
    'trace INC-7',
    'trace --email sofia@firm.com --around 14:30',
  ],
  allowed: 'any role',
  effect: 'reads',
  asksFor: ['id', 'email', 'around'],
  input: z.object({
    id: optionalTextField(512, {
      label: 'Id',
      placeholder: 'ZD-812',
      hint: 'A ticket, an X-Request-ID, any id of ours or of Stripe, INC-7, or a link to a message in Slack',
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

  async answer({ id, email, around, window }, context) {
    const { sql, cause, settings } = context;
    const usual = spanMs(settings.investigations.window);
    if (id !== undefined && email === undefined && around === undefined) {
      const trail = await followId(sql, id, cause.now);
      await addCases(sql, trail, id);
      await hidePrivate(sql, trail, cause.actor);
      const elsewhere = await lookElsewhere(context, trail, { asked: id, windowMs: usual });
      if (trail.isEmpty && isNothing(elsewhere)) throw unknownId(id);
      return describeTrail(id, trail, elsewhere);
    }
    if (id !== undefined || email === undefined || around === undefined) throw unclear();
    const middle = momentOf(around, cause.now);
    const windowMs = windowOf(window, usual);
    const customer = await findCustomer(sql, email);
    const trail = await followCustomer(sql, customer.id, middle - windowMs, middle + windowMs);
    await hidePrivate(sql, trail, cause.actor);
    if (trail.isEmpty) {
      throw new UserError(
        'not_found',
        `Nothing of ${customer.email} happened within ${Math.round(windowMs / MINUTE_MS)} minutes of ${formatUtc(middle)}.`,
        `Look further with --window 6h, or see the last things with: customer show ${customer.email}`,
      );
    }
    const elsewhere = await lookElsewhere(context, trail, { asked: null, windowMs });
    return describeTrail(`${customer.email} around ${formatUtc(middle)}`, trail, elsewhere);
  },
});

/** An id that only the log knows is an answer, too: the request never came as far as Lucy. */
async function lookElsewhere(
  { telemetry, cause }: CommandContext,
  trail: Trail,
  { asked, windowMs }: { asked: string | null; windowMs: number },
): Promise<Elsewhere> {
  const ids = [...trail.correlationIds];
  const isRequest = asked !== null && trail.isEmpty && /^[\w.:-]{3,128}$/.test(asked);
  // Somebody may look into what happened days ago.
  const moments = withoutOwn(trail).moments.map(({ at }) => at);
  const span = spanAround(moments, windowMs, cause.now);
  return askElsewhere(telemetry, { ids: isRequest ? [asked] : ids, ...span, mayAskByTime: false });
}

function isNothing({ logs, sentry }: Elsewhere): boolean {
  const hasLines = logs.kind === 'lines' && logs.lines.length > 0;
  return !hasLines && !(sentry.kind === 'issues' && sentry.issues.length > 0);
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
  const meant = idKinds.filter(({ prefix }) => id.startsWith(prefix)).map(({ means }) => means);
  return new UserError(
    'not_found',
    `Lucy has nothing under ${id}${meant.length > 0 ? `, which looks like ${meant.join(' or ')}` : ''}.`,
    'It follows a ticket such as ZD-812, an incident such as INC-7, a Stripe id such as evt_1Pgc13B7, and more. What else it takes: help trace',
    { id: 'Nothing is known under this id.' },
  );
}
