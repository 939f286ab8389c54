import type { LocalStripe } from './local-stripe-types.ts';

/** One button of the sandbox's Stripe tab. */
export type Scenario = {
  id: string;
  /** On the button. */
  title: string;
  /** One sentence: what happens at Stripe, and what to look for. */
  description: string;
  /** Why it cannot happen now, as a sentence; null when it can. */
  whyNot(stripe: LocalStripe): string | null;
  /** Makes it happen; answers with one plain sentence. */
  run(stripe: LocalStripe): string | Promise<string>;
};

/** It did not happen; the message is for the person who pressed the button. */
export class ScenarioRefused extends Error {
  override name = 'ScenarioRefused';
}
