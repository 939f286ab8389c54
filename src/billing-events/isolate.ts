import { isStripeTrouble, StripeRefused } from '#src/gateways/stripe-errors.ts';

/** Stripe being away stops the pass; anything else is the fault of this one object, and `blame` says whose. */
export async function isolate(work: () => Promise<void>, blame: (error: unknown) => void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isStripeTrouble(error)) throw error;
    blame(error);
  }
}

/**
 * The same for what a customer's tier does not hang on: a key that may not read it must not hold up everything else.
 */
export async function isolateRefused(
  work: () => Promise<void>,
  blame: (error: unknown) => void,
): Promise<void> {
  await isolate(async () => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StripeRefused)) throw error;
      blame(error);
    }
  }, blame);
}
