import type { Database, Sql } from '#db/connection.ts';
import { type DrillRow, findOpenDrill, lockOpenDrill, updateDrill } from '#db/drills.ts';
import { listOpenIncidents } from '#db/incidents.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { Cause } from '#src/core/cause.ts';
import { type Clock, MINUTE_MS } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { closeAlert } from '#src/health/alert.ts';
import { ok } from '#src/health/probe.ts';
import { participantsOf } from '#src/incidents/drill-mark.ts';
import { postMessage } from '#src/outbox/post.ts';
import { adviceOf } from './advice.ts';
import { drillKey, nextButton, renewDrillCard } from './card.ts';
import { endDrill } from './end.ts';
import { readDrillFacts } from './read-facts.ts';
import { type DrillFacts, lineOf, type StepId, stepIds, stepOf, stepWords } from './steps.ts';

export type DrillDeps = { database: Database; settings: Settings; clock: Clock };

/** A drill that nobody goes on with is ended, so that it calls nobody for ever. */
const IDLE_MS = 30 * MINUTE_MS;

/**
 * Looks how far the drill has come, says once what comes next, and ends it. Everything is read from the rows, so a
 * restart or a second process changes nothing. Returns how much happened.
 */
export async function coachDrill({ database, settings, clock }: DrillDeps): Promise<number> {
  if (!(await findOpenDrill(database.knex))) return 0;
  return inTransaction(database, async (sql) => {
    const drill = await lockOpenDrill(sql);
    if (!drill) return 0;
    const cause = {
      ...scheduleCause(clock.now(), 'Lucy coaches the drill'),
      correlationId: drill.correlation_id,
    };
    const facts = await readDrillFacts(sql, drill.id);
    const step = stepOf(facts);
    const outcome = await outcomeOf(sql, drill, step, cause.now);
    if (outcome) return (await endDrill(sql, settings, cause, drill, outcome)) ? 1 : 0;
    if (step === drill.step || step === 'done') return 0;
    return goOn(sql, settings, cause, drill, step, facts);
  });
}

async function outcomeOf(
  sql: Sql,
  drill: DrillRow,
  step: string,
  now: number,
): Promise<'done' | 'real' | 'idle' | null> {
  if (step === 'done') return 'done';
  if ((await listOpenIncidents(sql)).length > 0) return 'real';
  return step === drill.step && now - drill.step_at > IDLE_MS ? 'idle' : null;
}

async function goOn(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  drill: DrillRow,
  step: StepId,
  facts: DrillFacts,
): Promise<number> {
  if (facts.incident?.state === 'resolved' && facts.alert?.recovered_at === null)
    await closeAlert(sql, settings, cause, facts.alert, ok('Customers can pay again.'));
  const row = await updateDrill(sql, drill, { step, step_at: cause.now });
  if (!row) return 0;
  await renewDrillCard(sql, settings, cause, row);
  await sayNext(sql, settings, cause, row, step, facts);
  return 1;
}

/** In the thread of the drill's card, because an edit of the card notifies nobody. */
export async function sayNext(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  drill: DrillRow,
  step: StepId,
  facts: DrillFacts,
): Promise<void> {
  const { why, label, clock } = adviceOf(step, drill, settings, facts);
  const isPlayed = drill.played_at !== null;
  await postMessage(sql, cause, {
    dedupeKey: `drill-step:${drill.id}:${step}:${drill.version}`,
    target: 'oncall',
    threadOf: drillKey(drill.id),
    reply: {
      tone: 'info',
      title: `DRILL, step ${stepIds.indexOf(step) + 1}: ${stepWords[step]}.`,
      facts: [
        { label: isPlayed ? 'Lucy types' : 'Type', value: { code: `/lucy ${lineOf(step, facts)}` } },
        ...clock,
      ],
      hint: why,
      buttons: isPlayed
        ? []
        : [
            nextButton(label, step, facts),
            ...(step === 'mend'
              ? [
                  {
                    kind: 'command' as const,
                    label: 'What a rollback takes',
                    line: 'policy explain release rollback',
                  },
                ]
              : []),
          ],
      mentions: isPlayed ? {} : { users: participantsOf(drill).flatMap(({ slackId }) => slackId ?? []) },
      correlationId: drill.correlation_id,
    },
  });
}
