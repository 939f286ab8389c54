import { startPage } from '#sandbox/page/serve-page.ts';
import { FakeSlack } from './fake-slack.ts';
import { FakeStripe } from './fake-stripe.ts';
import { crossGrant, FakeWire } from './fake-wire.ts';

export const lucyCommands = [
  { usage: 'help [COMMAND]', summary: 'What Lucy can do, or one command in detail' },
  { usage: 'whoami', summary: 'Who Lucy thinks you are' },
  { usage: 'customer show EMAIL', summary: 'Tier, access, credits and Stripe state of a customer' },
  { usage: 'customer timeline EMAIL', summary: 'Everything that happened to a customer, in order' },
  { usage: 'credits show EMAIL', summary: 'Balance, lots and the last entries' },
  { usage: 'credits grant EMAIL COUNT', summary: 'Give credits, with a reason and an undo' },
  { usage: 'credits reverse ENTRY', summary: 'Take a posting back' },
  { usage: 'refund request EMAIL', summary: 'Ask billing for a refund' },
  { usage: 'status', summary: 'Health of everything that Lucy depends on' },
];

/** The page with stand-ins behind it. */
export async function startFakeWorld(port = 0) {
  const slack = new FakeSlack();
  const stripe = new FakeStripe();
  const slackWire = new FakeWire();
  const stripeWire = new FakeWire();
  crossGrant(slackWire, stripeWire);
  const page = await startPage({
    port,
    slack: slack.listener,
    stripe: stripe.listener,
    wire: [slackWire, stripeWire],
    lucyCommands: () => lucyCommands,
  });
  return { slack, stripe, slackWire, stripeWire, ...page };
}

export type FakeWorld = Awaited<ReturnType<typeof startFakeWorld>>;
