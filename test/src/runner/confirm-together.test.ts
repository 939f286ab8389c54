import { expect, test } from 'vitest';
import type { Actor } from '#src/core/actor.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { startRun } from '#src/runner/start-run.ts';
import { staff, type TerminalWorld, terminalWorld } from '#test/world/terminal-world.ts';

async function preview({ runner }: TerminalWorld, line: string, actor: Actor): Promise<string> {
  const { command, raw } = parseLine(runner.commands, line);
  const started = await startRun(runner, {
    command,
    raw,
    actor,
    surface: 'slack',
    correlationId: `cor_${actor.id}`,
    key: null,
  });
  if (started.kind !== 'preview') throw new Error('A change is previewed');
  return started.runId;
}

test('of two people who change one customer at the same moment, one is done and the other looks again', async () => {
  const world = await terminalWorld();
  const people = [staff('support'), staff('billing')];
  for (let round = 0; round < 5; round++) {
    const email = `c${round}@firm.com`;
    await world.lucy(`customer add ${email} --reason "new account" --yes`);
    const tiers = ['pro', 'enterprise'];
    const runs = await Promise.all(
      people.map((actor, index) =>
        preview(world, `tier set ${email} ${tiers[index]} --until 7d --reason "test of two"`, actor),
      ),
    );

    const replies = await Promise.all(
      runs.map((run, index) => confirmRun(world.runner, run, people[index] ?? staff('admin'), 'slack')),
    );

    expect(replies.map((reply) => reply.tone).sort()).toEqual(['done', 'warning']);
    const shown = (await world.lucy(`customer show ${email} --json`)).json<{
      entitlementChanges: unknown[];
    }>();
    expect(shown.entitlementChanges).toHaveLength(1);
  }
});
