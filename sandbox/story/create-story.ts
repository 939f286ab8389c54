import type { HealthAlertRow } from '#db/health-alerts.ts';
import { listIncidentUpdates } from '#db/incident-updates.ts';
import type { IncidentRow } from '#db/incidents.ts';
import { findPostmortem } from '#db/postmortems.ts';
import type { App } from '#src/app.ts';
import { pollEvents } from '#src/billing-events/poll-events.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { SandboxClock } from '../sandbox-clock.ts';
import type { LocalStripe } from '../stripe/local-stripe-types.ts';
import { runScenario } from '../stripe/scenarios.ts';
import { actAsOlu } from './act-as-olu.ts';
import type { Story, StoryAct } from './story-contract.ts';
import { type StoryFacts, storyLine, storyStep, storyTitles, storyWords } from './story-steps.ts';

/** An hour of the story is a minute of life: so much of the sandbox’s time passes at each turn. */
const TURN_MS = 2_000;
const SKIP_MS = 2 * MINUTE_MS;
const LOST_FOR_MS = 60 * MINUTE_MS;
/** Each step stands long enough to be read before it is played. */
const READ_TURNS = 3;

/** What happens at Stripe while nobody hears of it. */
const meanwhile = ['sofia-upgrades', 'credit-pack', 'past-due-misses', 'sofia-renews'];
/** And once customers were told of it, so that the incident itself has figures. */
const afterwards = ['refund-half', 'late-payment-succeeds', 'credit-pack', 'sofia-downgrades'];
/** The second half of the hour waits for the incident, however long people read. */
const WAITS_AT_MS = 30 * MINUTE_MS;

export type StoryTeller = {
  read(): Promise<Story>;
  act(act: StoryAct): Promise<void>;
  stop(): Promise<void>;
};

/** “Webhooks are lost for an hour”, from the first lost event to the filed postmortem. Nothing of it is pretended. */
export function createStory(parts: {
  app: App;
  stripe: LocalStripe;
  clock: SandboxClock;
  turnMs?: number | undefined;
}): StoryTeller {
  const { app, stripe, clock } = parts;
  const sql = app.runner.database.knex;
  let began: number | null = null;
  let isPlayed = false;
  let turns = 0;
  let told = 0;
  let stepSince = 0;
  let lastStep = '';
  let timer: NodeJS.Timeout | null = null;
  /** What is read once it is over; what happens in the sandbox afterwards is no part of it. */
  let ended: StoryFacts | null = null;
  let turning: Promise<void> = Promise.resolve();

  async function read(): Promise<Story> {
    if (began === null) return { ...resting, steps: stepsAt(null) };
    const facts = ended ?? (await readFacts(began));
    const step = storyStep(facts);
    const line = storyLine(step, facts);
    return {
      state: step === 'over' ? 'over' : 'on',
      isPlayed,
      says: storyWords[step],
      minutes: Math.min(LOST_FOR_MS / MINUTE_MS, Math.round((clock.now() - began) / MINUTE_MS)),
      ofMinutes: LOST_FOR_MS / MINUTE_MS,
      steps: stepsAt(step),
      next: line === null ? null : { who: 'Olu', place: 'lucy-oncall', line: `/lucy ${line}` },
    };
  }

  async function readFacts(since: number): Promise<StoryFacts> {
    const alert = await sql<HealthAlertRow>('health_alerts')
      .where({ probe_id: 'webhooks' })
      .where('opened_at', '>=', since)
      .first();
    const incident = await sql<IncidentRow>('incidents')
      .whereNull('drill_id')
      .where('declared_at', '>=', since)
      .orderBy('number')
      .first();
    const reconciled = await sql('reconcile_runs').where('started_at', '>=', since).first();
    return {
      alert: alert ?? null,
      incident: incident ?? null,
      updates: incident ? (await listIncidentUpdates(sql, [incident.id])).length : 0,
      isLosing: stripe.isLosingWebhooks(),
      isReconciled: reconciled?.state === 'done' || reconciled?.ended_at != null,
      postmortem: incident ? ((await findPostmortem(sql, incident.id)) ?? null) : null,
    };
  }

  /** Time passes, things happen at Stripe, and, when it is played, Olu does what comes next. */
  async function turn(since: number): Promise<void> {
    turns += 1;
    const gone = clock.now() - since;
    const isHourOver = gone >= LOST_FOR_MS;
    const facts = await readFacts(since);
    const isTold = facts.updates > 0;
    if (!isHourOver && (isTold || gone < WAITS_AT_MS)) {
      clock.advance(SKIP_MS);
      const scenario = isTold ? afterwards[told++] : meanwhile[turns - 1];
      if (scenario) await runScenario(stripe, scenario).catch(() => '');
      await pollEvents(app.billing);
    }
    const step = storyStep(facts);
    if (step !== lastStep) stepSince = turns;
    lastStep = step;
    if (isHourOver && step === 'return') stripe.loseWebhooks(false);
    const line = storyLine(step, facts);
    if (isPlayed && line !== null && turns - stepSince >= READ_TURNS) await actAsOlu(app.runner, line);
    if (step !== 'over') return;
    ended = facts;
    end();
  }

  function begin(): void {
    began = clock.now();
    turns = 0;
    told = 0;
    lastStep = '';
    ended = null;
    stripe.loseWebhooks(true);
    const since = began;
    timer = setInterval(() => {
      turning = turning.then(() => turn(since)).catch(() => {});
    }, parts.turnMs ?? TURN_MS);
    timer.unref();
  }

  function end(): void {
    if (timer) clearInterval(timer);
    timer = null;
    if (stripe.isLosingWebhooks()) stripe.loseWebhooks(false);
  }

  return {
    read,
    async act(act) {
      if (act === 'stop') {
        end();
        began = null;
        ended = null;
        isPlayed = false;
        return;
      }
      isPlayed = act === 'play';
      if (timer === null) begin();
    },
    async stop() {
      end();
      await turning;
    },
  };
}

const resting: Omit<Story, 'steps'> = {
  state: 'ready',
  isPlayed: false,
  says: 'A whole incident in a few minutes: webhooks are lost for an hour, on a fast clock. You are told what to do next, or you watch.',
  minutes: 0,
  ofMinutes: LOST_FOR_MS / MINUTE_MS,
  next: null,
};

function stepsAt(step: string | null): Story['steps'] {
  const at = step === 'over' ? storyTitles.length : storyTitles.findIndex((one) => one.step === step);
  return storyTitles.map(({ title }, index) => ({
    title,
    state: step !== null && index < at ? 'done' : index === at ? 'now' : 'later',
  }));
}
