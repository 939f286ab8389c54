import { commands } from '#commands/index.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { runTimers } from '#src/jobs/run-timers.ts';
import { approve } from '#src/runner/answer-approval.ts';
import type { Answering } from '#src/runner/answering.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { deny, withdraw } from '#src/runner/decline-approval.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import type { Runner } from '#src/runner/runner.ts';
import { startRun } from '#src/runner/start-run.ts';
import { stripeTruth } from '#test/world/stripe-truth.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';
import { actorOf, type Era, eras, settingsOf } from './history-people.ts';

/** What people and time do; numbers choose among what there is by then. */
export type Step =
  | { do: 'ask'; who: string; count: number }
  | { do: 'set tier'; who: string; tier: string }
  | { do: 'confirm'; who: string; run: number }
  | { do: 'approve'; who: readonly string[]; approval: number; seen: 'shown' | 'outdated' | 'not said' }
  | { do: 'deny' | 'withdraw'; who: string; approval: number }
  | { do: 'policy'; era: number }
  | { do: 'pass'; hours: number };

const DAY_MS = 24 * 3_600_000;

/** Lucy's one road, driven directly: no surface stands in between. */
export async function historyWorld() {
  const world = await terminalWorld();
  const { database, clock, runner } = world;
  const settingsByEra = new Map(eras.map((era) => [era, settingsOf(era)] as const));
  let era: Era = eras[0] ?? raise('There are no eras');
  let email = '';
  let count = 0;

  let first = '';
  /** Ids are ordered by time: what this history made begins here. */
  const firstId = (prefix: string) => `${prefix}_${first}`;
  const settings = () => settingsByEra.get(era) ?? raise('An era has no settings');
  const now = (): Runner => ({ ...runner, settings: settings() });
  const surfaceOf = (id: string) => (id.startsWith('slack:') ? 'slack' : 'terminal');

  async function plan(who: string, line: string): Promise<string | null> {
    const { command, raw } = parseLine(commands, line);
    const started = await told(() =>
      startRun(now(), {
        command,
        raw,
        actor: actorOf(settings(), who),
        surface: surfaceOf(who),
        correlationId: newCorrelationId(clock.now()),
        key: null,
      }),
    );
    return started?.kind === 'preview' ? started.runId : null;
  }

  async function request(who: string, line: string): Promise<void> {
    const runId = await plan(who, line);
    if (runId) await told(() => confirmRun(now(), runId, actorOf(settings(), who), surfaceOf(who)));
  }

  /** The n-th of this history's approvals, or nothing while there is none. */
  async function answering(who: string, nth: number, seen: string): Promise<Answering | null> {
    const asked = await database.knex('approvals').where('id', '>=', firstId('apr')).orderBy('id');
    const approval = asked[nth % Math.max(1, asked.length)];
    if (!approval) return null;
    const shown = seen === 'shown' ? approval.basis.slice(0, 16) : '0123456789abcdef';
    return {
      approvalId: approval.id,
      seenBasis: seen === 'not said' ? null : shown,
      actor: actorOf(settings(), who),
      surface: surfaceOf(who),
      place: null,
    };
  }

  return {
    database,
    era: () => era,
    firstId,
    /** Another day, another customer, a policy to begin with: nothing of the history before counts in this one. */
    async begin(firstEra: number): Promise<void> {
      clock.set((Math.floor(clock.now() / DAY_MS) + 1) * DAY_MS);
      first = newId('run', clock.now()).slice('run_'.length);
      era = eras[firstEra % eras.length] ?? era;
      email = `history${++count}@firm.com`;
      await request('terminal:ada', `customer add ${email} --reason "a test needs it"`);
    },
    async take(step: Step): Promise<void> {
      clock.advance(1_000);
      if (step.do === 'policy') era = eras[step.era % eras.length] ?? era;
      else if (step.do === 'pass') {
        clock.advance(step.hours * 3_600_000);
        await runTimers({ ...now(), stripe: stripeTruth(clock.now).gateway, creditsSince: 0 });
      } else if (step.do === 'ask')
        await request(step.who, `credits grant ${email} ${step.count} --reason "lost upload"`);
      else if (step.do === 'set tier')
        await request(step.who, `tier set ${email} ${step.tier} --reason "signed on paper"`);
      else if (step.do === 'confirm') {
        const runs = await database.knex('runs').where('id', '>=', firstId('run')).orderBy('id');
        const run = runs[step.run % Math.max(1, runs.length)];
        const actor = actorOf(settings(), step.who);
        if (run) await told(() => confirmRun(now(), run.id, actor, surfaceOf(step.who)));
      } else if (step.do === 'approve') {
        const all = await Promise.all(step.who.map((who) => answering(who, step.approval, step.seen)));
        await Promise.all(all.map((one) => one && told(() => approve(now(), one))));
      } else {
        const one = await answering(step.who, step.approval, 'not said');
        if (!one) return;
        await told(() =>
          step.do === 'deny' ? deny(now(), one, 'not right') : withdraw(now(), one, 'not needed'),
        );
      }
    },
  };
}

export type HistoryWorld = Awaited<ReturnType<typeof historyWorld>>;

/** What a person is told is no failure; everything else is. */
async function told<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function raise(message: string): never {
  throw new Error(message);
}
