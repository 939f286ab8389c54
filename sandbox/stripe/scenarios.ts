import type { LocalStripe } from './local-stripe-types.ts';
import { type Scenario, ScenarioRefused } from './scenario.ts';
import { disputeScenarios } from './scenarios-disputes.ts';
import { paymentScenarios } from './scenarios-payments.ts';
import { refundScenarios } from './scenarios-refunds.ts';
import { subscriptionScenarios } from './scenarios-subscriptions.ts';
import { webhookScenarios } from './scenarios-webhooks.ts';

/** Every button of the Stripe tab, in the order in which a newcomer would press them. */
export const scenarios: Scenario[] = [
  ...subscriptionScenarios,
  ...paymentScenarios,
  ...refundScenarios,
  ...disputeScenarios,
  ...webhookScenarios,
];

/** Runs one scenario; answers with what happened, in one sentence. */
export async function runScenario(stripe: LocalStripe, id: string): Promise<string> {
  const scenario = scenarios.find((candidate) => candidate.id === id);
  if (!scenario) throw new ScenarioRefused(`There is no scenario “${id}”.`);
  const reason = scenario.whyNot(stripe);
  if (reason !== null) throw new ScenarioRefused(reason);
  return scenario.run(stripe);
}
