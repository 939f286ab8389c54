import type { Sql } from '#db/connection.ts';
import type { RunEnd } from '#src/backups/deps.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { readReply } from '#src/replies/reply.ts';
import { endRun } from './end-run.ts';

/** A backup, a restore or a drill has come to its end, and so does the run that asked for it. */
export async function endBackupRun(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  runId: string,
  end: RunEnd,
): Promise<void> {
  await endRun(sql, settings, cause, runId, {
    state: end.isDone ? 'done' : 'failed',
    after: end.json,
    reply: (run) => {
      const {
        follow: _follow,
        buttons: _buttons,
        hint: _hint,
        ...begun
      } = readReply(run.reply) ?? {
        tone: 'done' as const,
        title: '',
      };
      return {
        ...begun,
        tone: end.isDone ? 'done' : 'warning',
        title: end.title,
        facts: end.facts,
        ...(end.hint ? { hint: end.hint } : {}),
        correlationId: run.correlation_id,
        json: {
          ...(begun.json as Record<string, unknown> | undefined),
          done: end.isDone,
          title: end.title,
          ...end.json,
        },
      };
    },
  });
}
