import { isoTime } from '#src/core/clock.ts';
import { formatMoney } from '#src/core/money.ts';
import { counted } from '#src/core/text.ts';
import type { FetchedCharge, StripeGateway } from '#src/gateways/stripe.ts';
import { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import type { ReplyButton, Value } from '#src/replies/reply.ts';
import { type FoundPayments, RECENT } from './find-payments.ts';
import type { RefundInput } from './refund-input.ts';
import { requestLine } from './request-line.ts';
import { type Standing, standingOf } from './standing.ts';

type Choice = { charge: FetchedCharge; standing: Standing };

/**
 * The one payment that was named, or the question which. A customer is always answered with a choice, even of one: what
 * is then asked for names its charge, and stays the same when they pay again before somebody approves it.
 */
export async function choosePayment(
  stripe: StripeGateway,
  input: RefundInput,
  found: FoundPayments,
): Promise<FetchedCharge> {
  const [first, ...more] = found.charges;
  if (first && more.length === 0 && !found.isOfCustomer) return first;
  const choices = await Promise.all(found.charges.map((charge) => lookAt(stripe, charge)));
  throw choiceNeeded(input, found, choices);
}

/** Asks only where the charge says that there is something. */
async function lookAt(stripe: StripeGateway, charge: FetchedCharge): Promise<Choice> {
  const refunds = charge.amountRefunded > 0 ? await stripe.listRefunds(charge.id) : [];
  const disputes = charge.isDisputed ? await stripe.listDisputes(charge.id) : [];
  return { charge, standing: standingOf(charge, refunds, disputes) };
}

function choiceNeeded(
  input: RefundInput,
  { owner, charges, isCut }: FoundPayments,
  choices: Choice[],
): ChoiceNeeded {
  const open = choices.filter(({ standing }) => standing.isRefundable);
  const payments = counted(charges.length, isCut ? 'recent payment' : 'payment');
  const older = isCut
    ? ` Only the newest ${RECENT} are shown; for an older one name its charge, payment intent or invoice.`
    : '';
  return new ChoiceNeeded({
    tone: 'info',
    title:
      open.length > 0
        ? `${owner} has ${payments}: which one is to be refunded? Nothing was asked for yet.`
        : `Nothing can be refunded of the ${payments} of ${owner}.`,
    sections: [{ heading: 'Payments', table: { columns, rows: choices.map(rowOf) } }],
    hint: `${open.length > 0 ? 'Choose one; you see a preview first.' : 'The last column says why.'}${older}`,
    buttons: open.map((choice) => buttonOf(input, choice)),
    json: { payments: choices.map(jsonOf) },
  });
}

const columns = ['When', 'What for', 'Paid', 'Refunded', 'Left', 'Payment', 'State'];

function rowOf({ charge, standing }: Choice): Value[] {
  const money = (amount: number) => formatMoney(amount, charge.currency);
  return [
    { at: charge.createdAt },
    charge.description ?? 'not said',
    money(charge.amount),
    money(standing.refunded),
    money(standing.left),
    { code: charge.id },
    standing.words,
  ];
}

function buttonOf(input: RefundInput, { charge, standing }: Choice): ReplyButton {
  const day = isoTime(charge.createdAt).slice(0, 16).replace('T', ' ');
  const left = formatMoney(standing.left, charge.currency);
  return {
    kind: 'command',
    label: `Refund ${input.amount === undefined ? left : `${input.amount} of ${left}`} (${day})`,
    line: requestLine(input, charge.id),
  };
}

function jsonOf({ charge, standing }: Choice) {
  const { id, createdAt, description, currency, amount } = charge;
  const { refunded, left, words } = standing;
  return {
    charge: id,
    paidAt: isoTime(createdAt),
    description,
    currency,
    amountMinor: amount,
    refundedMinor: refunded,
    leftMinor: left,
    state: words,
  };
}
