import { onTestFinished } from 'vitest';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import type { LocalStripe } from '#sandbox/stripe/local-stripe-types.ts';
import type { Charge } from '#sandbox/stripe/objects/charge.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { drain, receive } from './billing-world.ts';
import { castSettings, type SlackWorld, slackWorld } from './slack-world.ts';

export type DisputeDesk = SlackWorld & {
  stripe: LocalStripe;
  charge: Charge;
  /** Lucy hears of what happened at Stripe since, books it, and says in Slack what there is to say. */
  hear(): Promise<void>;
  /** What stands in #lucy-billing, threads apart: first messages only. */
  billing(): { ts: string; reads: string }[];
  /** What stands in the thread below it. */
  thread(ts: string): string[];
};

export const disputed = { email: 'accounts@disputed.example', stripe: 'cus_disputed' };

const settings: Settings = settingsSchema.parse({
  ...sampleSettings,
  roles: castSettings.roles,
});

/** Real Bolt, the local Slack and the local Stripe; Disputed Inc has paid for a month of starter, and is linked. */
export async function disputeDesk(options: { isLinked?: boolean } = {}): Promise<DisputeDesk> {
  let now = () => Date.now();
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: 'whsec_x',
    webhookUrl: () => 'http://127.0.0.1:9',
    autoDeliver: false,
    now: () => now(),
  });
  onTestFinished(() => stripe.close());
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const world = await slackWorld({ stripe: gateway, settings });
  now = world.clock.now;
  stripe.world.createCustomer({ id: disputed.stripe, email: disputed.email, name: 'Disputed Inc' });
  stripe.world.subscribe(disputed.stripe, 'starter_monthly');
  const charge = stripe.world.lastPaidChargeOf(disputed.stripe);
  if (!charge) throw new Error('Nobody paid');
  const link = options.isLinked === false ? '' : ` --stripe ${disputed.stripe}`;
  await world.given(`customer add ${disputed.email}${link}`);
  let heard = 0;
  const desk: DisputeDesk = {
    ...world,
    stripe,
    charge,
    async hear() {
      for (const event of stripe.events.slice(heard)) await receive(world.database, event, world.clock.now());
      heard = stripe.events.length;
      await drain({
        database: world.database,
        settings,
        stripe: gateway,
        clock: world.clock,
        log: world.runner.log,
        mode: 'test',
        creditsSince: 0,
      });
      await world.pumpAll();
    },
    billing: () => world.slack.messages('lucy-billing').filter(({ threadTs }) => threadTs === undefined),
    thread: (ts) =>
      world.slack
        .messages('lucy-billing')
        .filter(({ threadTs }) => threadTs === ts)
        .map(({ reads }) => reads),
  };
  await desk.hear();
  return desk;
}
