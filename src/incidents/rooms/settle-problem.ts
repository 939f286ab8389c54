import { updateRoom } from '#db/incident-rooms.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { MINUTE_MS } from '#src/core/clock.ts';
import type { SendProblem } from '#src/outbox/announcer.ts';
import { backOffMs } from '#src/outbox/back-off.ts';
import type { Held, RoomDeps } from './carry-rooms.ts';
import type { Refusals, Step } from './next-step.ts';
import { settleStep } from './settle-step.ts';
import { tellRefusal } from './tell.ts';

type Doing = Exclude<Step, { kind: 'rest' }>;

/** Slack was asked for what is so already. */
const isSoAlready = new Set([
  'already_in_channel',
  'cant_invite_self',
  'already_pinned',
  'already_archived',
  'not_archived',
]);
/** A right, a setting or the plan of the workspace: only people can mend it (docs.slack.dev, “Errors” of each method). */
const needsPeople =
  /^(missing_scope|restricted_action|cannot_create_channel|no_permission|access_denied|permission_denied|not_allowed_token_type|team_access_not_granted|user_is_restricted|plan_upgrade_required|paid_only|.*limit.*)$/;
/** Somebody may have mended it meanwhile. */
const ASK_AGAIN_MS = 15 * MINUTE_MS;

/** What becomes of a room when Slack did not do what it was asked. True when there is something else to try at once. */
export async function settleProblem(
  deps: RoomDeps,
  held: Held,
  step: Doing,
  problem: SendProblem,
): Promise<boolean> {
  if (problem.kind !== 'refused' || problem.blame === 'token') return wait(deps, held, step, problem);
  const { code } = problem;
  if (isSoAlready.has(code)) return settleStep(deps, held, step, null);
  const write = (patch: Parameters<typeof updateRoom>[3]) =>
    updateRoom(deps.database.knex, held.incident.id, held.token, patch);
  if (step.kind === 'create' && code === 'name_taken')
    return write({ tries: held.room.tries + 1, asked_at: null });
  // A bot cannot bring a channel back (docs.slack.dev/reference/methods/conversations.unarchive): there is a new one.
  if (step.kind === 'unarchive') return write(anotherRoom(held.room.tries));
  const isTold = needsPeople.test(code);
  // One who cannot be invited, such as a guest or somebody who left, keeps nobody else out.
  if (step.kind === 'invite' && !isTold) return settleStep(deps, held, step, null);
  return refuse(deps, held, step, code, isTold || step.kind === 'create');
}

function anotherRoom(tries: number) {
  return {
    channel: null,
    name: null,
    topic: null,
    invited: '[]',
    pinned_ts: null,
    archived_at: null,
    asked_at: null,
    refusals: '{}',
    tries: tries + 1,
  };
}

/** The incident goes on without; people are told once what to add. */
async function refuse(
  deps: RoomDeps,
  { incident, room, token }: Held,
  step: Doing,
  code: string,
  isTold: boolean,
): Promise<boolean> {
  const refusals: Refusals = { ...(JSON.parse(room.refusals) as Refusals), [step.kind]: code };
  const isWithout = step.kind === 'create' || step.kind === 'find';
  const now = deps.clock.now();
  deps.log.warn(
    { event: 'incident_room_refused', incident: incident.id, step: step.kind, problem: code },
    'Slack refused something of the room of an incident',
  );
  const isOurs = await inTransaction(deps.database, async (sql) => {
    const patch = {
      refusals: JSON.stringify(refusals),
      ...(isWithout
        ? { asked_at: null, not_before: now + ASK_AGAIN_MS, lease_token: null, lease_until: null }
        : {}),
    };
    if (!(await updateRoom(sql, incident.id, token, patch))) return false;
    if (isTold)
      await tellRefusal(sql, deps.settings, scheduleCause(now, 'The room of an incident'), incident, {
        step: step.kind,
        code,
      });
    return true;
  });
  return isOurs && !isWithout;
}

/** Nobody there, too fast, or unsure: later, from the same place. */
async function wait(
  deps: RoomDeps,
  { incident, room, token }: Held,
  step: Doing,
  problem: SendProblem,
): Promise<boolean> {
  const attempts = room.attempts + 1;
  const pauseMs = problem.kind === 'rate_limited' ? problem.retryAfterMs : backOffMs(attempts, Math.random);
  // Only a call that nobody answered may have made the channel.
  const wasNotMade = step.kind === 'create' && problem.kind !== 'unsure';
  deps.log.warn(
    { event: 'incident_room_waits', incident: incident.id, step: step.kind, problem: problem.kind, pauseMs },
    'The room of an incident waits for Slack',
  );
  await updateRoom(deps.database.knex, incident.id, token, {
    attempts,
    not_before: deps.clock.now() + pauseMs,
    lease_token: null,
    lease_until: null,
    ...(wasNotMade ? { asked_at: null } : {}),
  });
  return false;
}
