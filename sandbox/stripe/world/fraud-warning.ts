import type { EarlyFraudWarning } from '../objects/early-fraud-warning.ts';
import type { Core } from './core.ts';
import { requireRow } from './require.ts';

/** The issuer suspects fraud before anyone disputes: https://docs.stripe.com/disputes/measuring#early-fraud-warnings */
export function warnOfFraud(
  core: Core,
  chargeId: string,
  fraudType = 'made_with_stolen_card',
): EarlyFraudWarning {
  const charge = requireRow(core.tables.charges, 'charge', chargeId);
  const warning: EarlyFraudWarning = {
    id: core.newId('fraudWarning'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.disputed && !charge.refunded,
    charge: charge.id,
    created: core.now(),
    fraud_type: fraudType,
    livemode: core.livemode,
    payment_intent: charge.payment_intent,
  };
  core.tables.fraudWarnings.add(warning);
  core.emit('radar.early_fraud_warning.created', warning);
  return warning;
}

/** A dispute or a full refund leaves nothing to do about a warning. */
export function settleWarnings(core: Core, chargeId: string): void {
  for (const warning of core.tables.fraudWarnings.of(chargeId)) {
    core.change('radar.early_fraud_warning.updated', warning, () => {
      warning.actionable = false;
    });
  }
}
