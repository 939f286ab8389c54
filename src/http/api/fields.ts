import { z } from 'zod';

/** The words of the product's API. Each message goes on from the field's name: “amount” must be …. */
const wholeCredits = 'must be a whole number of credits, from 1 to 1,000,000,000';
export const creditsField = z
  .int(wholeCredits)
  .min(1, wholeCredits)
  .max(1_000_000_000, wholeCredits)
  .meta({ description: 'Whole credits.' });

const creditsOrNone = 'must be a whole number of credits, from 0 to 1,000,000,000';
export const creditsOrNoneField = z
  .int(creditsOrNone)
  .min(0, creditsOrNone)
  .max(1_000_000_000, creditsOrNone)
  .meta({ description: 'Whole credits; 0 for none.' });

const anId = 'must be 1 to 200 visible ASCII characters without spaces';
/** An id that the product makes: of a request, a usage, a report. */
export const callerIdField = z.string(anId).regex(/^[!-~]{1,200}$/, anId);

const productId = 'must be 1 to 200 letters, digits or any of . _ : @ | -';
const productIdText = z.string(productId).regex(/^[A-Za-z0-9._:@|-]{1,200}$/, productId);

/** The product's own id of a customer. Lucy's and Stripe's prefixes are kept free, so that one name means one customer. */
export const productIdField = productIdText
  .refine((id) => !/^cust?_/.test(id), 'must not start with cust_ or cus_, which are Lucy’s and Stripe’s')
  .meta({ description: 'The product’s own id of the customer.' });

export const customerNameField = productIdText.meta({
  description: 'The product’s own id, Lucy’s id (cust_…) or a linked Stripe customer (cus_…).',
});

const anEmail = 'must be a login email such as sofia@firm.com';
export const emailField = z
  .string(anEmail)
  .max(254, anEmail)
  .regex(/^[^\s@\p{Cc}\p{Cs}]+@[^\s@\p{Cc}\p{Cs}]+$/u, anEmail)
  .toLowerCase()
  .meta({ description: 'The login email, in any case.' });

/** For a customer who may be new: stricter, because it is kept. */
export const newEmailField = z
  .email(anEmail)
  .max(254, anEmail)
  .toLowerCase()
  .meta({ description: 'The login email, in any case.' });

/** One line of text without control characters. */
export function lineField(max: number) {
  const message = `must be one line of 1 to ${max} characters`;
  return z
    .string(message)
    .max(max, message)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, message);
}

export const reasonField = lineField(300).meta({ description: 'Why; kept in the audit and the ledger.' });

const aTime = 'must be a time with its offset, such as 2026-11-21T09:30:00Z';
export const timeField = z.iso.datetime({ offset: true, error: aTime });

const metaWords = 'must be an object of at most 50 names, each with a string, a number, true, false or null';
export const metaField = z
  .record(
    z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, metaWords),
    z.union([z.string().max(500), z.number(), z.boolean(), z.null()], metaWords),
    metaWords,
  )
  .refine((meta) => Object.keys(meta).length <= 50, metaWords)
  .meta({ description: 'Anything else worth keeping; flat.' });

const seconds = 'must be a whole number of seconds, from 1 to 86,400';
export const expiresInField = z
  .int(seconds)
  .min(1, seconds)
  .max(86_400, seconds)
  .default(900)
  .meta({ description: 'Seconds until the hold lets its credits go by itself.' });

export const holdIdField = z
  .string()
  .regex(/^hold_[0-9a-z]{26}$/, 'must be the id that reserving returned; it starts with hold_');

/** Who is meant; `namesOne` asks for exactly one of the two. */
export const who = { email: emailField.optional(), customer: customerNameField.optional() };

export function namesOne(input: { email?: unknown; customer?: unknown }): boolean {
  return (input.email === undefined) !== (input.customer === undefined);
}

export const namesOneMessage = 'Name the customer once: with “email”, or with “customer”.';
