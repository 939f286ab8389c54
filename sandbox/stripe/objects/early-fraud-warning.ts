/** https://docs.stripe.com/api/radar/early_fraud_warnings/object */
export type EarlyFraudWarning = {
  id: string;
  object: 'radar.early_fraud_warning';
  actionable: boolean;
  charge: string;
  created: number;
  fraud_type: string;
  livemode: boolean;
  payment_intent: string | null;
};
