import { z } from 'zod';
import { roles } from './actor.ts';
import { parseDuration } from './clock.ts';
import { fractionDigits } from './money.ts';
import { channelKeys, channelName, span, tierName } from './settings-words.ts';

/** Who may do how much, as data (DESIGN section 4): the sections `policy:` and `approvals:` of `lucy.config.yml`. */
const role = z.enum(roles, { error: `one of ${roles.join(', ')}` });

const COUNT_MAX = 1_000_000_000;

const count = z.int().min(0).max(COUNT_MAX);

const currency = z.string().regex(/^[a-z]{3}$/, 'a currency such as usd, in lower case');

/** In major units, as people write them: `usd: 50` is fifty dollars. */
const money = z.record(currency, z.number().min(0).max(COUNT_MAX)).superRefine((amounts, context) => {
  for (const [code, amount] of Object.entries(amounts)) {
    const digits = fractionDigits(code);
    if (Number(amount.toFixed(digits)) !== amount)
      context.addIssue({ code: 'custom', path: [code], message: `${code} has ${digits} decimals at most` });
  }
});

/** What is bounded must be said: an emptied section would otherwise bound nothing. */
const isNotEmpty = (bounds: object) => Object.keys(bounds).length > 0;

const ofOneDay = z
  .strictObject({ credits: count.optional(), money: money.optional(), runs: count.optional() })
  .refine(isNotEmpty, 'name at least one of credits, money or runs');

const bounds = z
  .strictObject({
    credits: count.optional(),
    /** Of many lines at once, all together; `credits` bounds what one customer gets. */
    total: count.optional(),
    money: money.optional(),
    /** At most this rank. */
    tier: tierName.optional(),
    /** At most this long; what has no end exceeds every span. */
    lasts: span.optional(),
    /** What ends, ends with the period that is paid for; what ends at once does not fit. */
    ends: z.literal('period_end', { error: 'period_end, or leave it out' }).optional(),
    /** With what the same person did with the command, and those that count with it, before: this UTC day. */
    per_person_day: ofOneDay.optional(),
    /** With what anybody did so for the same customer before, this UTC day; of many, for each of them. */
    per_customer_day: ofOneDay.optional(),
  })
  .refine(isNotEmpty, 'name at least one bound, or leave up_to out for no bound');

const step = z.strictObject({
  roles: z.array(role).min(1).optional(),
  up_to: bounds.optional(),
  /** Left out: one click of the person alone. */
  approvers: z.strictObject({ role, count: z.int().min(1).max(5).default(1) }).optional(),
});

const rule = z.strictObject({
  /** Who may run it; left out: whom the command itself names. */
  roles: z.array(role).optional(),
  /** People, Slack members or roles that may not, whatever else says that they may. */
  never: z.array(z.string().min(1)).default([]),
  /** Where in Slack it may be typed and confirmed; none: anywhere. */
  channels: z.array(channelName).default([]),
  /** The first that fits the person and the amount decides; none fits: refused. */
  steps: z.array(step).optional(),
  /** Where its approvals are asked. */
  channel: z.enum(channelKeys).default('approvals'),
  expires: span.optional(),
  /** Whether an open break-glass may stand in for the approval; left out: as the default rule of the command says. */
  break_glass: z.boolean().optional(),
});

export const policySettings = z.record(z.string(), rule).default({});

const DWELL_MAX_MS = 5 * 60_000;

export const approvalSettings = z
  .strictObject({
    expires: span.default('24h'),
    /** Until the first reminder; each later one takes twice as long. */
    remind_after: span.default('15m'),
    reminders: z.int().min(0).max(10).default(3),
    /** Who is asked when nobody answered the last reminder. */
    escalate_to: role.default('admin'),
    /** A click sooner than this was on its way before the card was there. */
    dwell: z
      .string()
      .refine((text) => (parseDuration(text) ?? DWELL_MAX_MS + 1) <= DWELL_MAX_MS, '0s to 5m')
      .default('3s'),
  })
  .prefault({});

export type PolicyRule = z.infer<typeof rule>;
export type PolicyStep = z.infer<typeof step>;
export type PolicyBounds = z.infer<typeof bounds>;
export type DayBounds = z.infer<typeof ofOneDay>;
