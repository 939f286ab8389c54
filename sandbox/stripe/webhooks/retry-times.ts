const minute = 60_000;
const hour = 60 * minute;

/**
 * How long after a failure the next automatic attempt comes. Stripe publishes only the outline: live up to three
 * days with growing pauses, in a sandbox three times over a few hours. https://docs.stripe.com/webhooks#retries
 */
export const testModeRetries = [5 * minute, 30 * minute, 2 * hour];

export const liveModeRetries = [
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  ...Array.from({ length: 4 }, () => 12 * hour),
];
