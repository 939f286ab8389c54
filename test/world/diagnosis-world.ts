import { commands } from '#commands/index.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { type BillingWorld, type Customer, sofia } from './billing-world.ts';
import { detectorWorld, minutes, teamSettings } from './detector-world.ts';
import { events } from './stripe-truth.ts';

export type DiagnosedCheck = {
  id: string;
  title: string;
  verdict: 'ok' | 'problem' | 'unknown';
  sentence: string;
  evidence: string[];
  remedy: string | null;
  team: string | null;
  escalate: string | null;
};

export type Diagnosed = {
  email: string;
  tier: string;
  why: string;
  refs: string[];
  stripe: { askedAt: string | null; notAskedBecause: string | null };
  checks: DiagnosedCheck[];
};

export type DiagnosisWorld = BillingWorld & {
  /** `customer diagnose --json`, a few minutes later, when all that is on its way has arrived. */
  diagnose(email?: string): Promise<Diagnosed>;
  /** The problems of it; every line that it offers is one that Lucy takes. */
  problems(email?: string): Promise<DiagnosedCheck[]>;
};

/** Sofia subscribed and paid; the terminal asks the same Stripe as the workers. */
export async function diagnosisWorld(options: { customers?: Customer[] } = {}): Promise<DiagnosisWorld> {
  const world = await detectorWorld({ settings: structuredClone(teamSettings), ...options });
  const { truth, receive, drain, clock, lucy, runner } = world;
  runner.stripe = truth.gateway;
  await world.database
    .knex('installation')
    .insert({ name: 'first_started_at', value: String(clock.now()), set_at: clock.now() });
  const invoice = truth.payInvoice(truth.subscribe(sofia.stripe, 'price_B').id);
  await receive(events.invoice('paid', invoice));
  await drain();
  const diagnose = async (email = sofia.email) => {
    clock.advance(minutes(6));
    return (await lucy(`customer diagnose ${email} --json`)).json<Diagnosed>();
  };
  return {
    ...world,
    diagnose,
    async problems(email) {
      const { checks } = await diagnose(email);
      const wrong = checks.filter(({ verdict }) => verdict === 'problem');
      for (const { remedy, escalate } of wrong)
        for (const line of [remedy, escalate]) if (line) parseLine(commands, line);
      return wrong;
    },
  };
}
