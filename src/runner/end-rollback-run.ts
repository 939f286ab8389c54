import type { Sql } from '#db/connection.ts';
import type { RollbackRow } from '#db/rollbacks.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { postMessage } from '#src/outbox/post.ts';
import { readReply } from '#src/replies/reply.ts';
import { endRun } from './end-run.ts';

/** CI has reported the version, or it never came: the run ends, and on-call is told. */
export async function endRollbackRun(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  rollback: RollbackRow,
  { isDone, detail }: { isDone: boolean; detail: string },
): Promise<void> {
  const title = isDone
    ? `${rollback.to_version} runs again, instead of ${rollback.from_version}.`
    : `The rollback to ${rollback.to_version} did not happen.`;
  await endRun(sql, settings, cause, rollback.run_id, {
    state: isDone ? 'done' : 'failed',
    after: { version: rollback.to_version, detail },
    reply: (run) => ({
      ...readReply(run.reply),
      tone: isDone ? 'done' : 'warning',
      title,
      facts: [{ label: 'How Lucy knows', value: detail }],
      ...(isDone ? {} : { hint: 'Deploy it by hand, or mend the deploy hook and ask again.' }),
      correlationId: run.correlation_id,
    }),
  });
  await postMessage(sql, cause, {
    dedupeKey: `rollback-end:${rollback.id}`,
    target: 'oncall',
    reply: {
      tone: isDone ? 'done' : 'warning',
      title,
      facts: [{ label: 'How Lucy knows', value: detail }],
      ...(isDone ? {} : { hint: 'Deploy it by hand, or mend the deploy hook and ask again.' }),
      correlationId: rollback.correlation_id,
    },
  });
}
