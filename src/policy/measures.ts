/** What one of many customers gets. */
export type Share = { customerId: string; email: string; credits: number };

/** How much a change is, for the limits of the policy. What is left out is not measured. */
export type Measures = {
  /** Of many customers at once, what the one gets who gets most. */
  credits?: number;
  /** Credits of many customers together; left out where there is one. */
  total?: number;
  /** Of many customers that are known already, what each gets: their limits by day are looked at one by one. */
  shares?: readonly Share[];
  /** In minor units of the currency, lower case. */
  money?: { amount: number; currency: string };
  tier?: string;
  /** How long it holds, in milliseconds; null when it has no end. */
  lastsMs?: number | null;
  /** When something that it ends is over: at once, or with the period that is paid for. */
  ends?: 'now' | 'period_end';
};
