import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { type Settings, settingsSchema } from '#src/core/settings.ts';
import { slackActor } from '#src/policy/people.ts';
import { approve } from '#src/runner/answer-approval.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { withdraw } from '#src/runner/decline-approval.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import { startRun } from '#src/runner/start-run.ts';
import { terminalWorld } from '#test/world/terminal-world.ts';

const bea = ['U0BEA00001', 'U0BEA00002'] as const;
const bo = 'U0BO000001';

function settings(count: number, people: Record<string, unknown>): Settings {
  return settingsSchema.parse({
    roles: { billing: { members: [...bea, bo] } },
    people,
    policy: { 'credits grant': { steps: [{ approvers: { role: 'billing', count } }] } },
    approvals: { dwell: '0s' },
  });
}

const unjoined = {};
const joined = { bea: { name: 'Bea', slack: [...bea] } };

/** Lucy was started with settings that do not know that Bea’s ids are one person, and then with some that do. */
async function restarted(
  count: number,
  first: Record<string, unknown> = unjoined,
  then: Record<string, unknown> = joined,
) {
  const before = settings(count, first);
  const after = settings(count, then);
  const world = await terminalWorld({ settings: before });
  await world.lucy('customer add sofia@firm.com --reason "new account" --yes');
  const actor = (known: Settings, userId: string) =>
    slackActor(known, { userId, name: userId, groupIds: [], refusal: null });
  return {
    ...world,
    async ask(userId: string): Promise<string> {
      const { command, raw } = parseLine(commands, 'credits grant sofia@firm.com 5 --reason "lost upload"');
      const started = await startRun(world.runner, {
        command,
        raw,
        actor: actor(before, userId),
        surface: 'slack',
        correlationId: newCorrelationId(world.clock.now()),
        key: null,
      });
      if (started.kind !== 'preview') throw new Error(started.kind);
      await confirmRun(world.runner, started.runId, actor(before, userId), 'slack');
      return (await world.database.knex('approvals').first('id')).id;
    },
    answer: (known: 'before' | 'after', approvalId: string, userId: string, how = approve) => {
      const now = known === 'before' ? before : after;
      const answering = { approvalId, seenBasis: null, actor: actor(now, userId), place: null };
      return how({ ...world.runner, settings: now }, { ...answering, surface: 'slack' });
    },
    granted: async () => (await world.database.knex('credit_entries')).length,
  };
}

test.each(bea)(
  'who asked before her ids were joined approves it with neither of them afterwards (%s)',
  async (id) => {
    const world = await restarted(1);
    const approvalId = await world.ask(bea[0]);

    await expect(world.answer('after', approvalId, id)).rejects.toThrow(
      'nobody approves or denies their own',
    );

    expect(await world.granted()).toBe(0);
  },
);

test('who asked before her entry was taken away does not approve it afterwards', async () => {
  const world = await restarted(1, joined, { bea: { name: 'Bea', slack: [bea[1]] } });
  const approvalId = await world.ask(bea[0]);

  await expect(world.answer('after', approvalId, bea[0])).rejects.toThrow(
    'nobody approves or denies their own',
  );

  expect(await world.granted()).toBe(0);
});

test('whoever approved before their ids were joined does not count a second time under the new name', async () => {
  const world = await restarted(2);
  const approvalId = await world.ask(bo);
  await world.answer('before', approvalId, bea[0]);

  await expect(world.answer('after', approvalId, bea[0])).rejects.toThrow('You approved this already');
  await expect(world.answer('after', approvalId, bea[1])).rejects.toThrow('You approved this already');

  expect(await world.granted()).toBe(0);
});

test('who asked before her ids were joined can still withdraw it', async () => {
  const world = await restarted(1);
  const approvalId = await world.ask(bea[0]);
  const withdrawn: typeof approve = (runner, answering) => withdraw(runner, answering, null);

  await world.answer('after', approvalId, bea[1], withdrawn);

  expect(await world.database.knex('approvals').first('state')).toEqual({ state: 'cancelled' });
});
