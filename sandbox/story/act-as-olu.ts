import { newCorrelationId } from '#src/core/correlation.ts';
import { slackActor } from '#src/policy/people.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import type { Runner } from '#src/runner/runner.ts';
import { startRun } from '#src/runner/start-run.ts';
import { people, userGroups } from '../cast.ts';

/** Types a line and confirms it, as Olu: the very road that her own words take. */
export async function actAsOlu(runner: Runner, line: string): Promise<void> {
  const olu = slackActor(runner.settings, {
    userId: people.olu.id,
    name: people.olu.realName,
    groupIds: userGroups.filter((group) => group.members.includes(people.olu.id)).map((group) => group.id),
    refusal: null,
  });
  const { command, raw } = parseLine(runner.commands, line);
  const correlationId = newCorrelationId(runner.clock.now());
  const request = { command, raw, actor: olu, surface: 'terminal' as const, correlationId, key: null };
  const started = await startRun(runner, request);
  if (started.kind === 'preview') await confirmRun(runner, started.runId, olu, 'terminal');
}
