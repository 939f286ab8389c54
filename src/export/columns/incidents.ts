import { table } from '../table-rule.ts';

/** Outages and releases. What customers were told of them is public, and is filler all the same: who wrote it may be in it. */
export const incidentTables = {
  incidents: table('none', {
    id: 'id commander declared_by correlation_id drill_id',
    name: 'commander_name declared_name',
    text: 'title public_title',
    json: 'impacts',
    word: 'clock_stage',
    keep: 'number severity state declared_at resolved_at version private_at clock_at pages pace severity_asks commander_asks',
  }),
  incident_entries: table('none', {
    id: 'id incident_id dedupe_key actor correlation_id',
    name: 'actor_name',
    text: 'text',
    phrase: 'line',
    word: 'kind',
    keep: 'at',
  }),
  incident_updates: table('none', {
    id: 'id incident_id author correlation_id',
    name: 'author_name',
    text: 'body',
    json: 'impacts',
    keep: 'state due_at published_at',
  }),
  incident_rooms: table('none', {
    id: 'incident_id channel lease_token pinned_ts',
    text: 'wanted_name name topic',
    json: 'invited refusals',
    keep: 'tries asked_at archived_at looked_version due_at not_before attempts lease_until',
  }),
  postmortems: table('none', {
    id: 'incident_id ended_by correlation_id',
    text: 'summary cause lessons ended_reason',
    word: 'state',
    keep: 'due_at reminders ended_at created_at',
  }),
  postmortem_actions: table('none', {
    id: 'id incident_id owner done_by',
    name: 'owner_name',
    text: 'text',
    keep: 'due_at created_at done_at',
  }),
  releases: table('none', {
    id: 'id reported_by correlation_id',
    foreign: 'external_id version',
    text: 'url',
    keep: 'deployed_at reported_at',
  }),
  rollbacks: table('none', {
    id: 'id run_id lease_token requested_by correlation_id',
    foreign: 'from_version to_version',
    text: 'last_error',
    json: 'cause',
    word: 'state',
    keep: 'attempts next_attempt_at lease_until created_at asked_at sent_at escalated_at ended_at',
  }),
  drills: table('none', {
    id: 'id started_by correlation_id',
    name: 'started_name ended_name',
    text: 'ended_reason',
    json: 'participants score',
    word: 'step',
    keep: 'pace played_at step_at started_at ended_at outcome version',
  }),
  health_probes: table('none', {
    id: 'id',
    text: 'detail',
    word: 'state',
    keep: 'failures successes since checked_at next_at',
  }),
  health_alerts: table('none', {
    id: 'id probe_id acknowledged_by correlation_id drill_id',
    name: 'acknowledged_name',
    text: 'detail recovered_detail',
    word: 'state',
    keep: 'worse_looks worse_at level began_at opened_at recovered_at acknowledged_at reminders version',
  }),
};
