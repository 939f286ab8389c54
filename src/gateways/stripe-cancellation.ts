/** Which subscription is to end, and when; under this idempotency key alone. */
export type Cancellation = {
  subscriptionId: string;
  at: 'now' | 'period_end';
  idempotencyKey: string;
};
