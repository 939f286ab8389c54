import { z } from 'zod';
import { defang } from '#src/core/text.ts';

/**
 * Inputs that commands share. Each turns what a person typed into a value, or says in one sentence what is wrong;
 * its meta is what flags, modals and help show.
 */
export type FieldMeta = {
  label: string;
  placeholder?: string;
  hint?: string;
  /** How a modal asks for it. */
  control?: 'text' | 'multiline' | 'select' | 'flag' | 'file';
  /** Choices that do not depend on the settings. */
  options?: readonly string[];
  /** Choices that do. */
  optionsFrom?: 'tiers' | 'manual_types';
};

const REASON_MAX = 500;

/** What a person typed, without what hides in it, and neither empty nor endless. */
export function text(max: number, missing: string) {
  return z
    .string({ error: missing })
    .transform((value) => defang(value).trim())
    .pipe(z.string().min(1, missing).max(max, `Keep it under ${max} characters.`));
}

export function describe<T extends z.ZodType>(schema: T, meta: FieldMeta): T {
  return schema.meta(meta as Record<string, unknown>);
}

export function fieldMeta(schema: z.ZodType): FieldMeta {
  const meta = schema.meta();
  return { label: 'Value', ...(meta as Partial<FieldMeta> | undefined) };
}

export function isRequired(schema: z.ZodType): boolean {
  return !schema.safeParse(undefined).success;
}

export const customerField = describe(
  text(254, 'Name a customer: a login email, or a Stripe id such as cus_….'),
  {
    label: 'Customer',
    placeholder: 'sofia@firm.com',
    hint: 'Login email, or a Stripe id: cus_, sub_, in_, ch_ or pi_',
  },
);

export const optionalCustomerField = describe(text(254, 'Name a customer.').optional(), {
  label: 'Customer',
  placeholder: 'sofia@firm.com',
});

export const newEmailField = describe(
  text(254, 'Give the login email.')
    .transform((value) => value.toLowerCase())
    .pipe(z.email('That is not an email address.')),
  { label: 'Login email', placeholder: 'sofia@firm.com' },
);

/** In a file of many lines a customer is named by login email alone. Lower case. */
export const emailColumn = describe(
  text(254, 'Name the customer by login email.')
    .transform((value) => value.toLowerCase())
    .pipe(z.string().regex(/^[^\s@]+@[^\s@]+$/, 'That is not a login email.')),
  { label: 'Login email', placeholder: 'sofia@firm.com' },
);

export const stripeCustomerField = describe(
  text(100, 'Give the Stripe customer id; it starts with cus_.').pipe(
    z.string().regex(/^cus_[A-Za-z0-9_]+$/, 'A Stripe customer id starts with cus_.'),
  ),
  { label: 'Stripe customer', placeholder: 'cus_…' },
);

export const tierField = describe(
  text(32, 'Name a tier.').transform((value) => value.toLowerCase()),
  { label: 'Tier', control: 'select', optionsFrom: 'tiers' },
);

export const manualTypeField = describe(text(64, 'Name the type, such as monthly.'), {
  label: 'Type',
  control: 'select',
  optionsFrom: 'manual_types',
});

export const reasonField = describe(
  text(REASON_MAX, 'Say why: the reason is kept in the audit.').refine(
    (value) => /[\p{L}\p{N}]{2}/u.test(value),
    'Say why in words a colleague will understand.',
  ),
  {
    label: 'Reason',
    hint: 'Kept in the audit, with your name',
  },
);

export const ticketField = describe(
  text(100, 'Give the ticket.')
    .pipe(
      z
        .string()
        .regex(
          /^[\p{L}\p{N}#/:._-]+$/u,
          'A ticket has letters, digits and - _ . / : # only, such as ZD-812.',
        ),
    )
    .optional(),
  { label: 'Ticket', placeholder: 'ZD-812' },
);

export function choiceField<const T extends readonly [string, ...string[]]>(options: T, meta: FieldMeta) {
  return describe(z.enum(options, { error: `Choose one of ${options.join(', ')}.` }), {
    ...meta,
    control: 'select',
    options,
  });
}

/** @param alsoSaid other words that people type for a choice */
export function optionalChoiceField<const T extends readonly [string, ...string[]]>(
  options: T,
  meta: FieldMeta,
  alsoSaid: Readonly<Record<string, T[number]>> = {},
) {
  const choice = z.enum(options, { error: `Choose one of ${options.join(', ')}.` }).optional();
  const asChosen = (typed: unknown) =>
    typeof typed === 'string' && Object.hasOwn(alsoSaid, typed) ? alsoSaid[typed] : typed;
  return describe(z.preprocess(asChosen, choice), {
    ...meta,
    control: 'select',
    options,
  });
}

export function textField(max: number, missing: string, meta: FieldMeta) {
  return describe(text(max, missing), meta);
}

const yes = ['true', 'yes', 'y', 'on', '1'];

const no = ['false', 'no', 'n', 'off', '0'];

/** Yes or no, and no when it is left out; `--csv` says yes without a value. */
export function flagField(meta: FieldMeta) {
  const said = z
    .union([z.boolean(), z.string()])
    .optional()
    .transform((value) =>
      String(value ?? false)
        .trim()
        .toLowerCase(),
    )
    .refine((value) => yes.includes(value) || no.includes(value), 'Say yes or no, or leave it out.')
    .transform((value) => yes.includes(value));
  return describe(said, { ...meta, control: 'flag' });
}

export function optionalTextField(max: number, meta: FieldMeta) {
  return describe(text(max, 'Leave it out, or give a value.').optional(), meta);
}

/** What every changing command takes besides its own inputs. */
export const changeInputs = { reason: reasonField, ticket: ticketField };
