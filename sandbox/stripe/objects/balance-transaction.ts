/** https://docs.stripe.com/api/balance_transactions/object, as disputes carry them. */
export type BalanceTransaction = {
  id: string;
  object: 'balance_transaction';
  amount: number;
  available_on: number;
  balance_type: 'payments';
  created: number;
  currency: string;
  description: string;
  exchange_rate: null;
  fee: number;
  fee_details: { amount: number; application: null; currency: string; description: string; type: string }[];
  net: number;
  reporting_category: string;
  source: string;
  status: 'available' | 'pending';
  type: 'adjustment';
};

export function buildDisputeTransaction(
  known: Pick<BalanceTransaction, 'id' | 'amount' | 'created' | 'currency' | 'source'> & {
    charge: string;
    fee: number;
  },
): BalanceTransaction {
  const { charge, fee, ...given } = known;
  const takes = known.amount < 0;
  return {
    ...given,
    object: 'balance_transaction',
    available_on: known.created + 86_400,
    balance_type: 'payments',
    description: `Chargeback ${takes ? 'withdrawal' : 'reversal'} for ${charge}`,
    exchange_rate: null,
    fee,
    fee_details: fee
      ? [
          {
            amount: fee,
            application: null,
            currency: known.currency,
            description: 'Dispute fee',
            type: 'stripe_fee',
          },
        ]
      : [],
    net: known.amount - fee,
    reporting_category: takes ? 'dispute' : 'dispute_reversal',
    status: 'available',
    type: 'adjustment',
  };
}
