import { createdPageParams, pageOf } from '../http/page.ts';
import { integer, metadata, oneOf, text } from '../http/param-kinds.ts';
import { type Route, route } from '../http/route.ts';
import { invalidRequest, noSuch } from '../http/stripe-refusal.ts';
import type { Charge } from '../objects/charge.ts';
import type { Core } from '../world/core.ts';
import { refund } from '../world/refund.ts';
import { findNamed, findRow } from './find.ts';
import { mergeMetadata } from './metadata.ts';

const createParams = {
  amount: integer,
  charge: text,
  metadata,
  payment_intent: text,
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
};

/** https://docs.stripe.com/api/refunds */
export const refundRoutes: Route[] = [
  route('POST /v1/refunds', createParams, ({ core, params }) => {
    const charge = chargeToRefund(core, params);
    refuseRefund(core, charge, params.amount);
    return refund(core, charge.id, params.amount ?? null, {
      metadata: mergeMetadata({}, params.metadata),
      pending: core.tables.refunding.isHeld,
      reason: params.reason ?? null,
    });
  }),
  route(
    'GET /v1/refunds',
    { ...createdPageParams, charge: text, payment_intent: text },
    ({ core, params }) => {
      const { charges, paymentIntents, refunds } = core.tables;
      const { charge, payment_intent } = params;
      if (charge !== undefined) findNamed(charges, 'charge', charge, 'charge');
      const intent =
        payment_intent === undefined
          ? null
          : findNamed(paymentIntents, 'payment_intent', payment_intent, 'payment_intent');
      const owner = charge ?? intent?.latest_charge;
      return pageOf(
        '/v1/refunds',
        'refund',
        owner ? refunds.of(owner) : refunds.newestFirst(),
        params,
        (row) => payment_intent === undefined || row.payment_intent === payment_intent,
      );
    },
  ),
  route('GET /v1/refunds/:id', {}, ({ core, id }) => findRow(core.tables.refunds, 'refund', id)),
  // Only the metadata of a refund can be changed.
  route('POST /v1/refunds/:id', { metadata }, ({ core, id, params }) => {
    const row = findRow(core.tables.refunds, 'refund', id);
    core.change('refund.updated', row, () => {
      row.metadata = mergeMetadata(row.metadata, params.metadata);
    });
    return row;
  }),
];

function chargeToRefund(
  core: Core,
  { charge, payment_intent }: { charge: string | undefined; payment_intent: string | undefined },
): Charge {
  if (charge !== undefined && payment_intent !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: charge, payment_intent.');
  }
  if (charge !== undefined) return findRow(core.tables.charges, 'charge', charge, 'charge');
  if (payment_intent === undefined) {
    throw invalidRequest(
      'One of the following params should be provided for this request: payment_intent or charge.',
    );
  }
  const intent = findRow(core.tables.paymentIntents, 'payment_intent', payment_intent, 'payment_intent');
  const paid = intent.status === 'succeeded' && intent.latest_charge !== null;
  const found = paid ? core.tables.charges.get(intent.latest_charge ?? '') : undefined;
  if (found) return found;
  throw invalidRequest(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`);
}

/** https://docs.stripe.com/error-codes: charge_already_refunded, charge_disputed; the rest has no code. */
function refuseRefund(core: Core, charge: Charge, amount: number | undefined): void {
  if (!charge.paid) throw noSuch('charge', charge.id, 'charge');
  if (isChargedBack(core, charge)) {
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
    });
  }
  if (charge.refunded) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  if (amount === undefined) return;
  if (amount < 1) {
    throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  }
  const left = charge.amount - charge.amount_refunded;
  if (amount <= left) return;
  const bound = charge.amount_refunded > 0 ? 'unrefunded amount on charge' : 'charge amount';
  throw invalidRequest(`Refund amount (${shown(amount)}) is greater than ${bound} (${shown(left)})`, {
    param: 'amount',
  });
}

/** An inquiry over the rest of a partly lost charge says itself that the charge can be refunded. */
function isChargedBack(core: Core, charge: Charge): boolean {
  const disputes = core.tables.disputes.of(charge.id);
  const lost = disputes.filter(({ status }) => status === 'lost').reduce((all, one) => all + one.amount, 0);
  const asks = disputes.some((one) => one.is_charge_refundable && one.status.startsWith('warning_needs'));
  return disputes.some(
    ({ is_charge_refundable, status }) =>
      !is_charge_refundable && status !== 'won' && !(status === 'lost' && asks && lost < charge.amount),
  );
}

function shown(minor: number): string {
  return `$${(minor / 100).toFixed(2)}`;
}
