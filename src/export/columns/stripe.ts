import { leftOut, table } from '../table-rule.ts';

const ofStripeCustomer = [['stripe_customer_id', 'customer_links.stripe_customer_id']] as const;
const leased = 'lease_until next_attempt_at attempts';

/** What came from Stripe, and what Lucy does there. */
export const stripeTables = {
  stripe_events: table(ofStripeCustomer, {
    id: 'id account object_id stripe_customer_id caused_by correlation_id',
    plain: 'api_version',
    mode: 'mode',
    word: 'type',
    null: 'signature_header',
    json: 'payload',
    hash: 'payload_sha256',
    phrase: 'outcome',
    text: 'error',
    keep: 'created_at received_at source delivery_count secret_slot status attempts away_attempts failed_at dead_count next_attempt_at processed_at pruned_at',
  }),
  webhook_rejects: table('none', { word: 'reason', text: 'last_detail', keep: 'minute_at count' }),
  customer_sync: table(ofStripeCustomer, {
    id: 'stripe_customer_id lease_token bulk_id',
    text: 'last_error',
    keep: `dirty_seq synced_seq priority synced_at bulk_seq ${leased}`,
  }),
  subscriptions: table(ofStripeCustomer, {
    id: 'id stripe_customer_id latest_invoice_id',
    mode: 'mode',
    word: 'status pause_behavior',
    json: 'items pending_items',
    keep: 'cancel_at ended_at trial_end pending_at created_at fetched_at gone_at',
  }),
  stripe_effects: table('customer', {
    id: 'id run_id target_id object_id lease_token customer_id stripe_customer_id correlation_id',
    word: 'stripe_status stripe_reason',
    json: 'params cause',
    text: 'last_error failure',
    keep: 'seq kind state generation server_errors troubles resend_at wakes created_at first_sent_at sent_at confirmed_at ended_at escalated_at lease_until next_attempt_at attempts',
  }),
  webhook_replays: table([['run_id', 'runs.id']], {
    id: 'run_id correlation_id requested_by',
    keep: 'total settled version state started_at ended_at',
  }),
  webhook_resends: table([['run_id', 'runs.id']], {
    id: 'run_id event_id endpoint_id requested_by correlation_id',
    text: 'error',
    keep: 'state attempts next_attempt_at created_at ended_at',
  }),
  reconcile_runs: table('customer', {
    id: 'id customer_id actor correlation_id run_id',
    foreign: 'ticket',
    mode: 'mode',
    name: 'actor_name',
    text: 'reason error',
    json: 'kinds',
    keep: 'state version expected on_their_way started_at progress_at card_at ended_at',
  }),
  reconcile_shards: table([['run_id', 'reconcile_runs.id']], {
    id: 'id run_id lease_token',
    null: 'cursor',
    word: 'list',
    text: 'error',
    keep: `from_at before_at cursor_at cursor_known pages full_pages seen state ${leased}`,
  }),
  reconcile_suspects: table([['run_id', 'reconcile_runs.id']], {
    id: 'run_id subject lease_token',
    json: 'hint',
    hash: 'seen_hash',
    text: 'error',
    keep: `state found_at seen_at ${leased}`,
  }),
  reconcile_findings: table([['run_id', 'reconcile_runs.id']], {
    id: 'id run_id subject customer_id stripe_customer_id apply_run again_run lease_token',
    word: 'kind',
    text: 'action',
    json: 'evidence',
    null: 'asked',
    phrase: 'outcome',
    keep: `state found_at settled_at ${leased}`,
  }),
  rate_budgets: table('none', { word: 'name', keep: 'next_at_us per_minute slowed_at refusals' }),
  bulk_refreshes: table('none', {
    id: 'id lease_token',
    null: 'cursor',
    phrase: 'outcome',
    keep: `active state customers pages pages_ms invoice_pages invoices_found started_at ready_at ended_at ${leased}`,
  }),
  bulk_reads: leftOut('Raw pages of Stripe on their way into the mirror; they are read again.'),
};
