import type { Database, Sql } from '#db/connection.ts';
import { findReportSince } from '#db/releases.ts';
import { claimRollback, markAsked, type RollbackRow, settleRollback } from '#db/rollbacks.ts';
import { inTransaction } from '#db/transaction.ts';
import { mentionsOfRole } from '#src/approvals/mentions.ts';
import type { Cause } from '#src/core/cause.ts';
import { type Clock, MINUTE_MS, SECOND_MS, spanWords } from '#src/core/clock.ts';
import { newId } from '#src/core/ids.ts';
import type { Log } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import { askDeployHook } from '#src/gateways/deploy-hook.ts';
import { postMessage } from '#src/outbox/post.ts';

export type RollbackDeps = {
  database: Database;
  settings: Settings;
  clock: Clock;
  log: Log;
  hookSecret: string | null;
  /** The run comes to its end, in the same transaction. */
  onEnd(
    sql: Sql,
    cause: Cause,
    rollback: RollbackRow,
    end: { isDone: boolean; detail: string },
  ): Promise<void>;
};

/** Longer than the hook may take to answer. */
const LEASE_MS = 30 * SECOND_MS;
const LOOK_EVERY_MS = 10 * SECOND_MS;
/** So often a hook that is away is asked, which is about ten minutes. */
const TRIES_MAX = 12;
/** Nobody waits longer for a report that never comes. */
const GIVE_UP_MS = 60 * MINUTE_MS;

/** One step of a rollback: asks the deploy hook, or looks whether CI has reported the version. Returns how many there were. */
export async function carryRollback(deps: RollbackDeps): Promise<number> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const row = await inTransaction(deps.database, (sql) =>
    claimRollback(sql, { token, now, until: now + LEASE_MS }),
  );
  if (!row) return 0;
  await (row.state === 'queued' ? send(deps, row, token) : confirm(deps, row, token));
  return 1;
}

async function send(deps: RollbackDeps, row: RollbackRow, token: string): Promise<void> {
  const { settings, clock } = deps;
  // Somebody asked it and was stopped before the answer: not a second time, CI’s report tells.
  if (row.asked_at !== null)
    return settle(deps, row, token, {
      state: 'sent',
      sent_at: row.asked_at,
      next_attempt_at: clock.now(),
      last_error: 'Lucy was stopped while she asked the deploy hook, so it may have taken it or not.',
    });
  if (!(await markAsked(deps.database.knex, { id: row.id, token }, clock.now()))) return;
  const url = settings.releases.deploy_hook;
  const answer = url
    ? await askDeployHook({
        url,
        secret: deps.hookSecret,
        idempotencyKey: row.run_id,
        now: clock.now(),
        body: {
          action: 'rollback',
          version: row.to_version,
          from: row.from_version,
          requestedBy: row.requested_by,
          runId: row.run_id,
          correlationId: row.correlation_id,
        },
      })
    : { kind: 'refused' as const, detail: 'releases.deploy_hook is not set any more.' };
  const now = clock.now();
  // A hook that may have taken it is not asked twice: it might deploy twice. CI's report tells.
  if (answer.kind === 'taken' || answer.kind === 'unknown')
    return settle(deps, row, token, {
      state: 'sent',
      sent_at: now,
      next_attempt_at: now,
      last_error: answer.kind === 'unknown' ? answer.detail : null,
    });
  if (answer.kind === 'refused' || row.attempts >= TRIES_MAX)
    return end(deps, row, token, false, answer.detail);
  const pause = Math.min(5 * SECOND_MS * 2 ** (row.attempts - 1), MINUTE_MS);
  return settle(deps, row, token, {
    asked_at: null,
    next_attempt_at: now + pause,
    last_error: answer.detail,
  });
}

async function confirm(deps: RollbackDeps, row: RollbackRow, token: string): Promise<void> {
  const now = deps.clock.now();
  const report = await findReportSince(deps.database.knex, row.to_version, row.created_at);
  if (report) return end(deps, row, token, true, `CI reported that ${report.version} is deployed.`);
  const waited = now - (row.sent_at ?? now);
  if (waited >= GIVE_UP_MS)
    return end(
      deps,
      row,
      token,
      false,
      `CI did not report ${row.to_version} within ${spanWords(GIVE_UP_MS)}.`,
    );
  const isLate = waited >= deps.settings.releases.confirm_within_minutes * MINUTE_MS;
  const escalates = isLate && row.escalated_at === null;
  await settle(
    deps,
    row,
    token,
    { next_attempt_at: now + LOOK_EVERY_MS, ...(escalates ? { escalated_at: now } : {}) },
    escalates ? (sql, cause) => tellUnconfirmed(sql, deps.settings, cause, row, waited) : undefined,
  );
}

async function tellUnconfirmed(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  row: RollbackRow,
  waitedMs: number,
): Promise<void> {
  await postMessage(sql, cause, {
    dedupeKey: `rollback-late:${row.id}`,
    target: 'oncall',
    reply: {
      tone: 'warning',
      title: `The deploy hook took the rollback to ${row.to_version} ${spanWords(waitedMs)} ago, and nothing has reported it as deployed.`,
      hint: 'Look at the deployment system: the hook was asked, and is not asked again by itself. Another “release rollback” takes the place of this one.',
      buttons: [{ kind: 'command', label: 'Releases', line: 'release list' }],
      mentions: mentionsOfRole(settings, 'oncall'),
      correlationId: row.correlation_id,
    },
  });
}

async function end(
  deps: RollbackDeps,
  row: RollbackRow,
  token: string,
  isDone: boolean,
  detail: string,
): Promise<void> {
  const state = isDone ? ('confirmed' as const) : ('failed' as const);
  const patch = { state, ended_at: deps.clock.now(), last_error: isDone ? null : detail };
  await settle(deps, row, token, patch, (sql, cause) => deps.onEnd(sql, cause, row, { isDone, detail }));
}

/** Under the lease, and with what is told of it in the same transaction; a worker that lost the lease changes nothing. */
async function settle(
  deps: RollbackDeps,
  row: RollbackRow,
  token: string,
  changes: Partial<RollbackRow>,
  tell?: (sql: Sql, cause: Cause) => Promise<void>,
): Promise<void> {
  const cause = causeOfRollback(row, deps.clock.now());
  await inTransaction(deps.database, async (sql) => {
    if (await settleRollback(sql, { id: row.id, token }, changes)) await tell?.(sql, cause);
  });
}

/** In the name of whoever asked for it. */
export function causeOfRollback(row: RollbackRow, now: number): Cause {
  const kept = JSON.parse(row.cause) as Pick<Cause, 'actor' | 'reason' | 'ticket'>;
  return { ...kept, surface: 'job', correlationId: row.correlation_id, runId: row.run_id, now };
}
