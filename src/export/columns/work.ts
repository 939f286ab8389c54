import { leftOut, table } from '../table-rule.ts';

/** Messages, findings, incidents and what is due: the work around the customers. */
export const workTables = {
  outbox: table([['correlation_id', 'audit_events.correlation_id']], {
    id: 'id dedupe_key target lease_token correlation_id sent_channel card_key thread_of',
    plain: 'sent_ts',
    json: 'payload',
    text: 'error',
    keep: 'kind state attempts next_attempt_at lease_until created_at sent_at',
  }),
  cards: table('none', {
    id: 'key target channel',
    plain: 'ts',
    keep: 'wanted_version shown_version shown_at',
  }),
  slack_deliveries: leftOut('What Slack asked and was answered, kept a day so that nothing is done twice.'),
  slack_groups: table('none', { id: 'group_id', json: 'members', keep: 'read_at' }),
  api_requests: leftOut('Answers that the product may ask for again.'),
  installation: table('all', { word: 'name', json: 'value', keep: 'set_at' }),
  timers: table(
    [
      ['subject', 'customers.id'],
      ['subject', 'grace_periods.id'],
      ['subject', 'approvals.id'],
    ],
    { id: 'id subject', word: 'kind', text: 'last_error', keep: 'due_at attempts' },
  ),
  findings: table('customer', {
    id: 'id subject customer_id correlation_id',
    word: 'kind',
    text: 'summary',
    json: 'evidence',
    keep: 'state opened_at closed_at',
  }),
  detector_marks: leftOut('How far the detectors have looked; on the copy they look from the beginning.'),
  team_notices: table([['id', 'team_notice_findings.notice_id']], {
    id: 'id scope correlation_id',
    word: 'kind team',
    keep: 'version opened_at closed_at',
  }),
  team_notice_findings: table([['finding_id', 'findings.id']], {
    id: 'notice_id finding_id',
    text: 'summary',
    json: 'evidence',
    keep: 'told_at healed_at',
  }),
  escalations: table('customer', {
    id: 'id subject customer_id target requester_id correlation_id',
    foreign: 'ticket requester_person taker_person',
    word: 'team',
    name: 'requester_name taker_name closer_name',
    text: 'about close_reason',
    json: 'packet',
    keep: 'state asked version taken_at closed_at created_at',
  }),
  runbook_runs: table('customer', {
    id: 'id customer_id actor_id target correlation_id',
    foreign: 'ticket person',
    word: 'runbook',
    name: 'actor_name ended_name',
    text: 'end_reason',
    keep: 'state version since started_at ended_at',
  }),
  runbook_steps: table([['run_id', 'runbook_runs.id']], {
    id: 'run_id',
    word: 'key',
    name: 'ticked_name',
    text: 'says note',
    keep: 'seq ticked_at ticked_by',
  }),
  runbook_suggestions: table('none', {
    id: 'id actor_id correlation_id',
    foreign: 'ticket person',
    word: 'runbook',
    name: 'actor_name decided_name',
    text: 'suggestion decision',
    keep: 'state decided_at created_at',
  }),
};
