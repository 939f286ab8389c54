import type { Settings } from '#src/core/settings.ts';
import type { FetchedInvoice } from '#src/gateways/stripe.ts';
import type { FetchedDispute, FetchedFraudWarning } from '#src/gateways/stripe-disputes-read.ts';
import { type BillingWorld, billingWorld, type Customer, sofia } from './billing-world.ts';
import { events } from './stripe-truth.ts';
import { disputeOf } from './truth-disputes.ts';
import { stripeEvent } from './webhook-world.ts';

export type DisputeWorld = BillingWorld & {
  charge: string;
  invoice: FetchedInvoice;
  disputeId: string;
  /** What the payment brought. */
  granted: number;
  /** Stripe says this of the dispute from now on, and tells nobody. */
  says(change?: Partial<FetchedDispute>): void;
  warns(change?: Partial<FetchedFraudWarning>): void;
  /** Stripe's webhook `charge.dispute.…` or `radar.early_fraud_warning.…`, without working on it. */
  sends(type: string, id?: string): Promise<void>;
  /** The same, and worked on. */
  tells(type: string): Promise<void>;
  credits(): Promise<{ balance: number; spendable: number; frozen: number; debt: number }>;
};

const warningId = 'issfr_sofia';

/** Sofia has paid 49 dollars for a month of pro; her bank may say something about it. */
export async function disputeWorld(
  options: { settings?: Settings; customers?: Customer[] } = {},
): Promise<DisputeWorld> {
  const world = await billingWorld(options);
  const { truth } = world;
  const subscription = truth.subscribe(sofia.stripe, 'price_B');
  const invoice = truth.payInvoice(subscription.id, { billingReason: 'subscription_create' });
  await world.receive(events.invoice('paid', invoice));
  await world.drain();
  const charge = invoice.chargeId ?? '';
  truth.charges.set(charge, {
    id: charge,
    status: 'succeeded',
    stripeCustomerId: sofia.stripe,
    paymentIntentId: invoice.paymentIntentId,
    invoiceId: null,
    currency: 'usd',
    amount: 4_900,
    amountCaptured: 4_900,
    amountRefunded: 0,
    isCaptured: true,
    isDisputed: false,
    createdAt: world.clock.now(),
    description: null,
    paidWith: 'Visa ending in 4242',
  });
  let dispute = disputeOf(charge, world.clock.now());
  let warning: FetchedFraudWarning = {
    id: warningId,
    chargeId: charge,
    paymentIntentId: invoice.paymentIntentId,
    fraudType: 'made_with_stolen_card',
    isActionable: true,
    createdAt: world.clock.now(),
  };
  const sends = async (type: string, id?: string) => {
    const isWarning = type.startsWith('radar.');
    const object = isWarning
      ? { id: warningId, object: 'radar.early_fraud_warning' }
      : { id: dispute.id, object: 'dispute' };
    const payload = { ...object, charge, payment_intent: invoice.paymentIntentId };
    await world.receive(stripeEvent(isWarning ? type : `charge.dispute.${type}`, payload, id));
  };
  return {
    ...world,
    charge,
    invoice,
    disputeId: dispute.id,
    granted: (await world.show(sofia.email)).credits.balance,
    says(change = {}) {
      dispute = { ...dispute, ...change };
      truth.disputes.set(charge, [dispute]);
      Object.assign(truth.charges.get(charge) ?? {}, { isDisputed: true });
    },
    warns(change = {}) {
      warning = { ...warning, ...change };
      truth.warnings.set(warning.id, warning);
    },
    sends,
    async tells(type) {
      await sends(type);
      await world.drain();
    },
    credits: async () => (await world.lucy(`credits show ${sofia.email} --json`)).json(),
  };
}
