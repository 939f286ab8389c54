import { z } from 'zod';
import { describe } from './fields.ts';

const CREDITS_MAX = 10_000_000;

/** Whole credits, at least 1. Accepts 1,000 as people type it; refuses what could be read two ways. */
export const countField = describe(
  z
    .union([z.string(), z.number()], { error: 'Say how many credits: a whole number such as 100.' })
    .transform((value) => String(value).trim())
    .pipe(
      z
        .string()
        .regex(/^-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/, 'Say how many credits: a whole number such as 100.')
        .transform((value) => Number(value.replaceAll(',', '')))
        .pipe(
          z
            .number()
            .refine(Number.isInteger, 'Credits are whole: no fractions.')
            .min(1, 'Give at least 1 credit. To take credits away, use credits consume or credits reverse.')
            .max(
              CREDITS_MAX,
              `That is more than ${CREDITS_MAX.toLocaleString('en-US')} credits at once; check the number.`,
            ),
        ),
    ),
  { label: 'Credits', placeholder: '100' },
);

/** An opening balance; what an old system says of customers without one is 0. */
export const openingBalanceColumn = describe(
  z
    .string()
    .transform((text, context) => {
      if (text.trim() === '0') return 0;
      const count = countField.safeParse(text);
      if (count.success) return count.data;
      context.addIssue({ code: 'custom', message: count.error.issues[0]?.message ?? 'Give a whole number.' });
      return z.NEVER;
    })
    .optional(),
  { label: 'Opening balance', placeholder: '100' },
);

export const optionalCountField = describe(countField.optional(), {
  label: 'Credits',
  placeholder: '100',
  hint: 'Leave empty for all that can be taken',
});
