import { findOpenDrill } from '#db/drills.ts';
import type { Actor } from '#src/core/actor.ts';
import { SECOND_MS } from '#src/core/clock.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { readDrillFacts } from '#src/drills/read-facts.ts';
import { lineOf, stepOf } from '#src/drills/steps.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import type { Runner } from '#src/runner/runner.ts';
import { startRun } from '#src/runner/start-run.ts';

/** Time enough to read what comes next before it happens. */
const READ_MS = 6 * SECOND_MS;

const player: Actor = {
  kind: 'lucy',
  id: 'lucy:drill',
  name: 'Lucy, playing',
  person: 'lucy:drill',
  roles: ['oncall'],
  refusal: null,
};

/**
 * Takes the next step of a drill that Lucy plays herself, by the very commands that people use. The key of the run is
 * the drill's step, so that a restart or a second process takes it once.
 */
export async function playDrill(runner: Runner): Promise<number> {
  const { database, clock, commands, log } = runner;
  const drill = await findOpenDrill(database.knex);
  if (!drill || drill.played_at === null || clock.now() - drill.step_at < READ_MS) return 0;
  const facts = await readDrillFacts(database.knex, drill.id);
  const step = stepOf(facts);
  // What the coach has not said yet is not done yet.
  if (step === 'done' || step !== drill.step) return 0;
  // The second update is late on purpose, so that whoever watches sees the draft, the reminder and the call.
  if (step === 'next_update' && facts.incident?.clock_stage !== 'page') return 0;
  const { command, raw } = parseLine(commands, lineOf(step, facts));
  const request = {
    command,
    raw,
    actor: player,
    surface: 'job' as const,
    correlationId: drill.correlation_id,
    key: `drill:${drill.id}:${step}`,
  };
  try {
    const started = await startRun(runner, request);
    if (started.kind === 'answer') return 0;
    await confirmRun(runner, started.runId, player, 'job');
    return 1;
  } catch (error) {
    // Somebody stopped it, or took the step themselves.
    if (!(error instanceof UserError)) throw error;
    log.warn({ event: 'drill_step_refused', drill: drill.id, step }, errorMessage(error));
    return 0;
  }
}
