/** How much a change is, for the limits of the policy. What is left out is not measured. */
export type Measures = {
  credits?: number;
  /** In minor units of the currency, lower case. */
  money?: { amount: number; currency: string };
  tier?: string;
  /** How long it holds, in milliseconds; null when it has no end. */
  lastsMs?: number | null;
  /** When something that it ends is over: at once, or with the period that is paid for. */
  ends?: 'now' | 'period_end';
};
