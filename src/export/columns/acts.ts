import { leftOut, table } from '../table-rule.ts';

/** The rows that name the customer, and those under which spends of theirs stand with others' (decision 0025). */
const aboutThem = [
  ['customer_id', 'customers.id'],
  ['id', 'credit_entries.audit_id'],
] as const;

/** What staff did, who agreed, and the audit of it. */
export const actTables = {
  audit_events: table(aboutThem, {
    id: 'id actor_id run_id customer_id correlation_id approval_id break_glass',
    foreign: 'person ticket',
    command: 'command',
    word: 'surface',
    name: 'actor_name',
    input: 'input before after',
    json: 'approved_by',
    text: 'reason',
    // It would prove a guess at what the entries of the copy are not any more.
    null: 'covers',
    keep: 'at outcome',
  }),
  audit_seals: leftOut('They seal what the rows said before; the copy seals its own rows when it runs.'),
  audit_unsealed: leftOut('Every row of the copy waits for its seal.'),
  audit_chain: leftOut('The chain of the copy begins anew.'),
  audit_anchors: leftOut('Heads of the other chain.'),
  runs: table('customer', {
    id: 'id key actor_id customer_id correlation_id undone_by',
    foreign: 'person ticket',
    command: 'command',
    word: 'surface',
    name: 'actor_name',
    input: 'input',
    json: 'plan reply origin',
    hash: 'basis',
    text: 'reason',
    phrase: 'undo_line',
    keep: 'state created_at done_at',
  }),
  approvals: table([['run_id', 'runs.id']], {
    id: 'id run_id customer_id requester_id channel decided_id correlation_id',
    foreign: 'requester_person decided_person',
    command: 'command',
    word: 'approver_role',
    name: 'requester_name decided_name',
    hash: 'basis',
    text: 'why decision_reason',
    json: 'moved',
    keep: 'state version approvers_needed decided_at reminders escalated_at expires_at asked_at created_at',
  }),
  approval_votes: table([['approval_id', 'approvals.id']], {
    id: 'approval_id actor_id',
    foreign: 'person',
    word: 'surface',
    name: 'actor_name',
    hash: 'basis',
    keep: 'at',
  }),
  break_glass: table('none', {
    id: 'id actor_id ended_by reviewer_id correlation_id',
    foreign: 'person ticket reviewer_person',
    name: 'actor_name ended_name reviewer_name',
    text: 'reason review_note',
    keep: 'started_at ends_at ended_at reviewed_at',
  }),
  policy_usage: table('none', {
    foreign: 'subject',
    plain: 'day',
    command: 'command',
    word: 'measure',
    keep: 'amount',
  }),
  batches: table([['run_id', 'runs.id']], {
    id: 'id run_id file_id subject lease_token correlation_id',
    command: 'command',
    json: 'cause',
    keep: 'state total applied failed skipped version lease_until created_at ended_at',
  }),
  batch_rows: table([['batch_id', 'batches.id']], {
    id: 'batch_id customer_id entry_id',
    email: 'email',
    input: 'input',
    phrase: 'result',
    keep: 'line state ended_at',
  }),
  files: leftOut('What people handed in: lists of customers.'),
};
