import type { StripeGateway } from '#src/gateways/stripe.ts';
import { StripeAway } from '#src/gateways/stripe-errors.ts';
import type { RateBudget } from './rate-budget.ts';

/** Stripe, asked at the budget's pace. */
export function withinBudget(stripe: StripeGateway, budget: RateBudget): StripeGateway {
  return wrap(stripe, budget);
}

function wrap<T extends object>(target: T, budget: RateBudget): T {
  return new Proxy(target, {
    get(object, name, receiver) {
      const value: unknown = Reflect.get(object, name, receiver);
      if (typeof value === 'function')
        return (...args: unknown[]) => ask(() => value.apply(object, args), budget);
      return typeof value === 'object' && value !== null ? wrap(value, budget) : value;
    },
  });
}

async function ask(call: () => unknown, budget: RateBudget): Promise<unknown> {
  await budget.take();
  try {
    return await call();
  } catch (error) {
    if (error instanceof StripeAway && error.isTooFast) await budget.slowDown(error.retryAfterMs);
    throw error;
  }
}
