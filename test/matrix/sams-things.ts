import { commands } from '#commands/index.ts';
import { people } from '#sandbox/cast.ts';
import { newCorrelationId } from '#src/core/correlation.ts';
import { slackActor } from '#src/policy/people.ts';
import { confirmRun } from '#src/runner/confirm-run.ts';
import { parseLine } from '#src/runner/parse-line.ts';
import type { Runner } from '#src/runner/runner.ts';
import { startRun } from '#src/runner/start-run.ts';
import { matrixSettings } from './principals.ts';

/** More than billing may give alone, and so a request that somebody else has to answer. */
export const overLimit = 'credits grant sofia@firm.com 6000 --reason "outage in May" --ticket ZD-900';
const withinLimit = 'credits grant sofia@firm.com 7 --reason "lost upload" --ticket ZD-901';

const sam = slackActor(matrixSettings, {
  userId: people.sam.id,
  name: 'Sam',
  groupIds: ['S0SUPPORT1', 'S0BILLING1'],
  refusal: null,
});

export type Asked = { id: string; runId: string; pointer: string };

/** What Sam has: previews, receipts and requests, each as fresh as a test wants. */
export function samsThings(runner: Runner) {
  async function planned(line = withinLimit): Promise<string> {
    const { command, raw } = parseLine(commands, line);
    const started = await startRun(runner, {
      command,
      raw,
      actor: sam,
      surface: 'slack',
      correlationId: newCorrelationId(runner.clock.now()),
      key: null,
    });
    if (started.kind !== 'preview') throw new Error(`“${line}” became ${started.kind}`);
    return started.runId;
  }

  return {
    /** A preview that he has not confirmed. */
    planned,
    /** A run that is done. */
    async done(): Promise<string> {
      const runId = await planned();
      const reply = await confirmRun(runner, runId, sam, 'slack');
      if (reply.tone !== 'done') throw new Error(reply.title);
      return runId;
    },
    /** A window that he has open. */
    async draft(command: string, raw: Record<string, string>): Promise<string> {
      const id = await planned();
      await runner.database
        .knex('runs')
        .where({ id })
        .update({ command, state: 'draft', input: JSON.stringify(raw) });
      return id;
    },
    /** A request that waits for billing. */
    async asked(): Promise<Asked> {
      const runId = await planned(overLimit);
      const reply = await confirmRun(runner, runId, sam, 'slack');
      if (reply.tone !== 'waiting') throw new Error(reply.title);
      const { id, basis } = await runner.database.knex('approvals').where({ run_id: runId }).first();
      return { id, runId, pointer: `${id}:${basis.slice(0, 16)}` };
    },
  };
}
