import { leftOut, table } from '../table-rule.ts';

/** What staff did, who agreed, and the audit of it. */
export const actTables = {
  audit_events: table('customer', {
    id: 'id actor_id person run_id customer_id ticket correlation_id approval_id break_glass',
    word: 'surface command',
    name: 'actor_name',
    json: 'input before after approved_by',
    text: 'reason',
    keep: 'at outcome',
  }),
  audit_seals: leftOut('They seal what the rows said before; the copy seals its own rows when it runs.'),
  audit_unsealed: leftOut('Every row of the copy waits for its seal.'),
  audit_chain: leftOut('The chain of the copy begins anew.'),
  audit_anchors: leftOut('Heads of the other chain.'),
  runs: table('customer', {
    id: 'id key actor_id person ticket customer_id correlation_id undone_by',
    word: 'command surface',
    name: 'actor_name',
    json: 'input plan reply origin',
    hash: 'basis',
    text: 'reason',
    phrase: 'undo_line',
    keep: 'state created_at done_at',
  }),
  approvals: table([['run_id', 'runs.id']], {
    id: 'id run_id customer_id requester_person requester_id channel decided_person decided_id correlation_id',
    word: 'command approver_role',
    name: 'requester_name decided_name',
    hash: 'basis',
    text: 'why decision_reason',
    json: 'moved',
    keep: 'state version approvers_needed decided_at reminders escalated_at expires_at asked_at created_at',
  }),
  approval_votes: table([['approval_id', 'approvals.id']], {
    id: 'approval_id person actor_id',
    word: 'surface',
    name: 'actor_name',
    hash: 'basis',
    keep: 'at',
  }),
  break_glass: table('none', {
    id: 'id person actor_id ticket ended_by reviewer_person reviewer_id correlation_id',
    name: 'actor_name ended_name reviewer_name',
    text: 'reason review_note',
    keep: 'started_at ends_at ended_at reviewed_at',
  }),
  policy_usage: table('none', { id: 'subject day', word: 'command measure', keep: 'amount' }),
  batches: table([['run_id', 'runs.id']], {
    id: 'id run_id file_id subject lease_token correlation_id',
    word: 'command',
    json: 'cause',
    keep: 'state total applied failed skipped version lease_until created_at ended_at',
  }),
  batch_rows: table([['batch_id', 'batches.id']], {
    id: 'batch_id customer_id entry_id',
    email: 'email',
    json: 'input',
    phrase: 'result',
    keep: 'line state ended_at',
  }),
  files: leftOut('What people handed in: lists of customers.'),
};
