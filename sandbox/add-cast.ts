import { newCorrelationId } from '#src/core/correlation.ts';
import { slackActor } from '#src/policy/people.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import type { Runner } from '#src/runner/runner.ts';
import { startRun } from '#src/runner/start-run.ts';
import { people, userGroups } from './cast.ts';
import { stripeCast } from './stripe/seed-world.ts';

/** What Ada set up before the story begins, through Lucy's own commands, so that the audit has it too. */
const lines = [
  `customer add ${stripeCast.sofia.email} --name Sofia --stripe ${stripeCast.sofia.id} --reason "moved over to Lucy"`,
  `customer add ${stripeCast.pastDue.email} --name "Past Due Ltd" --stripe ${stripeCast.pastDue.id} --reason "moved over to Lucy"`,
  `customer add ${stripeCast.disputed.email} --name "Disputed Inc" --stripe ${stripeCast.disputed.id} --reason "moved over to Lucy"`,
  'customer add office@manual.example --name "Manual GmbH" --reason "pays by invoice outside Stripe"',
  'subscription set office@manual.example --type yearly --status active --reason "pays by invoice outside Stripe"',
];

export async function addCast(runner: Runner): Promise<void> {
  const ada = slackActor(runner.settings, {
    userId: people.ada.id,
    name: people.ada.realName,
    groupIds: userGroups.filter((group) => group.members.includes(people.ada.id)).map((group) => group.id),
    refusal: null,
  });
  for (const line of lines) {
    const { command, raw } = parseLine(runner.commands, line);
    const started = await startRun(runner, {
      command,
      raw,
      actor: ada,
      surface: 'terminal',
      correlationId: newCorrelationId(runner.clock.now()),
      key: null,
    });
    if (started.kind === 'preview') await confirmRun(runner, started.runId, ada, 'terminal');
  }
  // The story begins with a quiet feed: what was set up before it was told before it.
  await runner.database.knex('outbox').delete();
}
