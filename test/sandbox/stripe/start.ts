import Stripe from 'stripe';
import { onTestFinished } from 'vitest';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import type { LocalStripeOptions } from '#sandbox/stripe/local-stripe-types.ts';

export const secretKey = 'sk_test_local0000000000000001';
export const webhookSecret = 'whsec_local0000000000000000000001';

/** 2026-11-21 09:30 UTC */
export const start = 1_795_253_400;

export type Clock = { now(): number; advance(seconds: number): void };

/** A clock that moves only when told. */
export function testClock(): Clock {
  let at = start * 1000;
  return {
    now: () => at,
    advance(seconds) {
      at += seconds * 1000;
    },
  };
}

/** A local Stripe, the real SDK on it, and a clock; all closed with the test. */
export async function startStripe(options: Partial<LocalStripeOptions> = {}) {
  const clock = testClock();
  const stripe = await startLocalStripe({
    autoDeliver: false,
    now: clock.now,
    secretKey,
    seed: 'test',
    webhookSecret,
    webhookUrl: () => 'http://127.0.0.1:9/never',
    ...options,
  });
  onTestFinished(() => stripe.close());
  return { clock, stripe, world: stripe.world, sdk: sdkFor(stripe.port) };
}

/** The real SDK, without waiting between its retries. */
export function sdkFor(port: number, options: { key?: string; maxNetworkRetries?: number } = {}): Stripe {
  return new Stripe(options.key ?? secretKey, {
    host: '127.0.0.1',
    maxNetworkRetries: options.maxNetworkRetries ?? 0,
    port,
    protocol: 'http',
    telemetry: false,
    timeout: 2_000,
  });
}

/** The promise's rejection, as a Stripe error. */
export async function failureOf(promise: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error;
    throw error;
  }
  throw new Error('This should have failed.');
}
