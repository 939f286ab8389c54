import { listOf } from '../objects/list.ts';
import type { Core } from '../world/core.ts';

type Json = Record<string, unknown>;

/** Before 2022-11-15 a charge carried its refunds, and before basil its invoice. */
export function oldCharge(core: Core, object: Json): Json {
  const id = String(object.id);
  const refunds = core.tables.refunds.of(id).slice(0, 10);
  return {
    ...object,
    destination: null,
    dispute: core.tables.disputes.of(id)[0]?.id ?? null,
    invoice: invoiceOfIntent(core, object.payment_intent),
    order: null,
    refunds: { ...listOf(`/v1/charges/${id}/refunds`, refunds), total_count: refunds.length },
  };
}

/** Before 2022-11-15 a payment intent carried its charges instead of naming the latest. */
export function oldPaymentIntent(core: Core, object: Json): Json {
  const {
    allowed_payment_method_types: _allowed,
    customer_account: _account,
    latest_charge,
    managed_payments: _managed,
    payment_record: _record,
    ...rest
  } = object;
  const charge = typeof latest_charge === 'string' ? core.tables.charges.get(latest_charge) : undefined;
  const charges = charge ? [oldCharge(core, { ...charge })] : [];
  return {
    ...rest,
    charges: {
      ...listOf(`/v1/charges?payment_intent=${String(object.id)}`, charges),
      total_count: charges.length,
    },
    invoice: invoiceOfIntent(core, object.id),
  };
}

function invoiceOfIntent(core: Core, intent: unknown): string | null {
  const payment = core.tables.invoicePayments
    .newestFirst()
    .find((candidate) => candidate.payment.payment_intent === intent);
  return payment?.invoice ?? null;
}
