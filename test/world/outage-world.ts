import { onTestFinished } from 'vitest';
import { commands } from '#commands/index.ts';
import { addCast } from '#sandbox/add-cast.ts';
import { sandboxSettings } from '#sandbox/sandbox-settings.ts';
import { startLocalStripe } from '#sandbox/stripe/local-stripe.ts';
import type { LocalStripe } from '#sandbox/stripe/local-stripe-types.ts';
import { seedWorld } from '#sandbox/stripe/seed-world.ts';
import { carryBatches } from '#src/batches/carry-batch.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { coachDrill } from '#src/drills/coach.ts';
import { createStripeGateway } from '#src/gateways/stripe-client.ts';
import { freshGroups } from '#src/policy/group-snapshot.ts';
import { terminalActor } from '#src/policy/people.ts';
import { createCarrier } from '#src/reconciliation/carry.ts';
import { endBatchRun } from '#src/runner/end-batch-run.ts';
import { effectChanged } from '#src/runner/end-carried-run.ts';
import { longestMatch } from '#src/runner/match-command.ts';
import { tokenize } from '#src/runner/parse-line.ts';
import { carryEffects } from '#src/stripe-effects/carry-effects.ts';
import { runTerminal } from '#src/terminal/run-terminal.ts';
import { drain, receive } from './billing-world.ts';
import { type SlackWorld, slackWorld } from './slack-world.ts';

export type Came = { code: number; out: string; id(prefix: string): string };

export type OutageWorld = SlackWorld & {
  stripe: LocalStripe;
  deps: BillingDeps;
  /** Names of the commands that came to a plan or a result. */
  driven: Set<string>;
  /** Lines that ended otherwise than they should, with what was said. */
  wrong: string[];
  /** Types a line at the terminal as somebody of the cast, and notes when it ends otherwise: 0 done, 4 waits for approval. */
  type(login: string, line: string, code?: number | null): Promise<Came>;
  /** Lucy hears of all that happened at Stripe, and does what is due: billing, effects, reconciliation, timers. */
  work(): Promise<void>;
};

/** The sandbox's cast and its Stripe, with a Slack that can go away, and everybody at the terminal. */
export async function outageWorld(): Promise<OutageWorld> {
  let now = Date.now;
  const stripe = await startLocalStripe({
    secretKey: 'sk_test_x',
    webhookSecret: 'whsec_x',
    webhookUrl: () => 'http://127.0.0.1:9/api/billing/webhook',
    autoDeliver: false,
    now: () => now(),
  });
  onTestFinished(() => stripe.close());
  seedWorld(stripe);
  const gateway = createStripeGateway({ secretKey: 'sk_test_x', apiBase: stripe.url });
  const settings = {
    ...sandboxSettings,
    approvals: { ...sandboxSettings.approvals, dwell: '0s' },
    releases: { ...sandboxSettings.releases, deploy_hook: 'http://127.0.0.1:9/deploy' },
  };
  const world = await slackWorld({ settings, stripe: gateway });
  now = world.clock.now;
  await world.surface.refreshGroups();
  await addCast(world.runner);
  const { database, runner, clock } = world;
  const deps: BillingDeps = { ...runner, stripe: gateway, creditsSince: 0 };
  const carrier = createCarrier({ ...deps, pause: async (ms) => void clock.advance(ms) });
  const received = new Set<string>();
  const driven = new Set<string>();
  const wrong: string[] = [];
  return {
    ...world,
    stripe,
    deps,
    driven,
    wrong,
    async type(login, line, code = 0) {
      let out = '';
      const write = (text: string) => {
        out += text;
      };
      const actor = terminalActor(settings, login, await freshGroups(database.knex, clock.now()));
      const came = await runTerminal(runner, actor, tokenize(line), { write, writeError: write, ask: null });
      if (code !== null && came !== code)
        wrong.push(`${login}: “${line}” ended with ${came}, not ${code}: ${out}`);
      else driven.add(longestMatch(commands, tokenize(line))?.name ?? line);
      return {
        code: came,
        out,
        id(prefix) {
          const found = new RegExp(`\\b${prefix}_[0-9A-Za-z]+`).exec(out)?.[0];
          if (!found) wrong.push(`“${line}” names no ${prefix}_: ${out}`);
          return found ?? `${prefix}_none`;
        },
      };
    },
    async work() {
      for (const event of stripe.events.filter(({ id }) => !received.has(id))) {
        received.add(event.id);
        await receive(database, event, clock.now());
      }
      await drain(deps);
      const onChange = (
        ...[sql, cause, effect, before]: Parameters<Parameters<typeof carryEffects>[0]['onChange']>
      ) => effectChanged(sql, settings, cause, effect, before);
      for (let looks = 0; looks < 20; looks++)
        if ((await carryEffects({ database, stripe: gateway, clock, log: runner.log, onChange })) === 0)
          break;
      for (let looks = 0; looks < 50; looks++) if ((await carrier.carry()) === 0) break;
      const onEnd = (...[sql, cause, batch]: Parameters<Parameters<typeof carryBatches>[0]['onEnd']>) =>
        endBatchRun(sql, settings, cause, batch);
      for (let looks = 0; looks < 20; looks++)
        if ((await carryBatches({ database, settings, mode: 'test', clock, log: runner.log, onEnd })) === 0)
          break;
      await coachDrill(deps);
    },
  };
}
