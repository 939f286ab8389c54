import { onTestFinished } from 'vitest';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import type { LocalStripe } from '#sandbox/stripe/local-stripe-types.ts';
import type { Charge } from '#sandbox/stripe/objects/charge.ts';
import type { Settings } from '#src/core/settings.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { terminalActor } from '#src/policy/people.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { drain, receive } from './billing-world.ts';
import { raceSettings } from './race-settings.ts';
import { type TerminalWorld, type Typed, terminalWorld } from './terminal-world.ts';
import { testStart } from './test-clock.ts';

export type RefundWorld = TerminalWorld & {
  stripe: LocalStripe;
  gateway: StripeGateway;
  /** Something that was paid once at Stripe, by Sofia unless told. */
  paid(amount: number, options?: PaidOptions): Charge;
  /** Sofia subscribes and pays; her charge, its invoice and the subscription. */
  subscribed(price?: string): { charge: Charge; invoice: string; subscription: string };
  /** Lucy hears of all that happened at Stripe, and books it. */
  booked(): Promise<void>;
  /** What `refund request` would do, as Sam sees it before anything happens. */
  preview(line: string): Promise<Typed>;
  /** The same, with the refusal or the choice that comes instead. */
  refused(line: string): Promise<Typed['err']>;
  /** Types it as somebody of the cast, and means it. */
  as(user: string, line: string): Promise<Typed>;
};

export type PaidOptions = { customer?: string; currency?: string; daysAgo?: number };

export const sofiaAtStripe = 'cus_sofia';

const DAY_S = 86_400;

/** Everybody of the cast has a login, and what is sold brings credits. */
function settingsOf(options: { creditsExpire?: 'period_end'; graceHours?: number }): Settings {
  const { creditsExpire = 'never', graceHours = 72 } = options;
  return {
    ...raceSettings,
    plans: sampleSettings.plans.map((plan) => ({
      ...plan,
      credits_expire: creditsExpire,
      grace_hours: graceHours,
    })),
    credit_packs: sampleSettings.credit_packs,
  };
}

/** The terminal with the real Stripe SDK against the local Stripe; sofia@firm.com is linked, and paid nothing yet. */
export async function refundWorld(
  options: { creditsExpire?: 'period_end'; graceHours?: number } = {},
): Promise<RefundWorld> {
  const settings = settingsOf(options);
  // Set when the terminal's clock is there: both tell the same time.
  let now = () => testStart;
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: 'whsec_x',
    webhookUrl: () => 'http://127.0.0.1:9',
    autoDeliver: false,
    now: () => now(),
  });
  onTestFinished(() => stripe.close());
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const world = await terminalWorld({ stripe: gateway, settings });
  now = world.clock.now;
  const as = (user: string, line: string) => world.lucy(`${line} --yes`, terminalActor(settings, user));
  stripe.world.createCustomer({ id: sofiaAtStripe, email: 'sofia@firm.com', name: 'Sofia' });
  await as('ada', `customer add sofia@firm.com --stripe ${sofiaAtStripe} --reason "new account"`);
  const preview = (line: string) =>
    world.lucy(`refund request ${line} --reason "asked kindly" --dry-run`, terminalActor(settings, 'sam'));
  return {
    ...world,
    stripe,
    gateway,
    as,
    preview,
    async refused(line) {
      const typed = await preview(line);
      if (typed.code === 0) throw new Error(`“${line}” was not refused: ${typed.out}`);
      return typed.err;
    },
    paid: (amount, options) => pay(stripe, amount, options),
    subscribed(price = 'pro_monthly') {
      const { id } = stripe.world.subscribe(sofiaAtStripe, price);
      const charge = stripe.world.lastPaidChargeOf(sofiaAtStripe);
      const invoice = stripe.world.subscription(id).latest_invoice;
      if (!charge || !invoice) throw new Error('Nobody paid for the subscription');
      return { charge, invoice, subscription: id };
    },
    async booked() {
      for (const event of stripe.events) await receive(world.database, event, world.clock.now());
      await drain({
        database: world.database,
        settings,
        stripe: gateway,
        clock: world.clock,
        log: world.runner.log,
        mode: 'test',
        creditsSince: 0,
      });
    },
  };
}

function pay({ world }: LocalStripe, amount: number, options: PaidOptions = {}): Charge {
  const { currency = 'usd', daysAgo = 1, customer = sofiaAtStripe } = options;
  return world.at(world.now() - daysAgo * DAY_S, () => {
    const price = world.createPrice({
      product: 'prod_credits',
      unitAmount: amount,
      interval: null,
      currency,
    });
    const session = world.checkout({ price: price.id, customer });
    const intent = world.tables.paymentIntents.get(session.payment_intent ?? '');
    const charge = world.tables.charges.get(intent?.latest_charge ?? '');
    if (!charge) throw new Error('Nothing was paid');
    return charge;
  });
}
