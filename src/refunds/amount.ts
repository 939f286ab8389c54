import { fieldError, type UserError } from '#src/core/errors.ts';
import { formatMoney, typedDigits } from '#src/core/money.ts';
import { readTypedAmount, type TypedAmount, typedMinorUnits } from '#src/core/typed-amount.ts';
import type { FetchedCharge } from '#src/gateways/stripe.ts';
import type { Standing } from './standing.ts';

/**
 * The amount that was typed, before anything is looked up; null when it was left out.
 *
 * @throws UserError when it could be read two ways, or is none
 */
export function readAmount(text: string | undefined): TypedAmount | null {
  if (text === undefined) return null;
  const typed = readTypedAmount(text);
  if (typed) return typed;
  throw fieldError(
    'amount',
    `“${text}” is not an amount that Lucy can be sure of.`,
    'Write it like 49, 49.00 or 1,000.50, with its currency if you like: 49.00 usd.',
  );
}

/**
 * How much goes back, in minor units of the charge's currency: what was typed, or all that is left.
 *
 * @throws UserError when that is another currency, finer than the currency, or more than is left
 */
export function amountToRefund(
  typed: TypedAmount | null,
  charge: FetchedCharge,
  { left, refunded, pending }: Standing,
): number {
  if (typed === null) return left;
  const { currency } = charge;
  const code = currency.toUpperCase();
  const most = formatMoney(left, currency);
  if (typed.currency !== null && typed.currency !== currency)
    throw offAmount(
      `This payment was made in ${code}, not in ${typed.currency.toUpperCase()}.`,
      `Give the amount in ${code}: at most ${most}.`,
    );
  const amount = typedMinorUnits(typed, currency);
  if (amount === null)
    throw offAmount(
      typedDigits(currency) === 0
        ? `${code} has no decimals.`
        : `${code} is refunded to ${typedDigits(currency)} decimals at most.`,
      `Give a rounder amount: at most ${most}.`,
    );
  if (amount <= left) return amount;
  const onTheWay = pending > 0 ? `, ${formatMoney(pending, currency)} of it still on the way` : '';
  const before =
    refunded > 0
      ? `, because ${formatMoney(refunded, currency)} of ${formatMoney(charge.amount, currency)} went back before${onTheWay}`
      : '';
  throw offAmount(
    `Only ${most} of this payment can be refunded${before}.`,
    `Ask for at most ${most}, or leave the amount out to refund all of that.`,
  );
}

function offAmount(message: string, hint: string): UserError {
  return fieldError('amount', message, hint);
}
