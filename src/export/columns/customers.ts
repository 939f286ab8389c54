import { table } from '../table-rule.ts';

/** Who the customers are, and what they may use. */
export const customerTables = {
  customers: table('self', { id: 'id', email: 'email', name: 'name', keep: 'email_verified_at created_at' }),
  customer_links: table('customer', {
    id: 'stripe_customer_id customer_id actor',
    keep: 'proof status created_at',
  }),
  product_customers: table('customer', { foreign: 'product_id', id: 'customer_id', keep: 'created_at' }),
  product_reads: table('customer', { id: 'customer_id', word: 'tier access', keep: 'read_at balance' }),
  customer_locks: table('customer', {
    id: 'id customer_id actor ended_by correlation_id',
    foreign: 'ticket',
    name: 'actor_name ended_name',
    text: 'reason ended_reason',
    keep: 'locked_at ended_at',
  }),
  entitlements: table('customer', {
    id: 'customer_id source_ref',
    word: 'tier pending_tier paid_tier',
    hash: 'inputs_hash',
    keep: 'access source pending_at grace_deadline_at version updated_at',
  }),
  entitlement_changes: table('customer', {
    id: 'id customer_id cause_ref actor correlation_id',
    word: 'from_tier to_tier from_access to_access source',
    text: 'reason',
    keep: 'version cause at',
  }),
  overrides: table('customer', {
    id: 'id customer_id actor',
    foreign: 'ticket',
    word: 'tier',
    text: 'reason',
    keep: 'starts_at expires_at ended_at',
  }),
  manual_subscriptions: table('customer', {
    id: 'id customer_id actor',
    foreign: 'ticket',
    word: 'type tier status',
    text: 'reason',
    keep: 'ends_at set_at',
  }),
  ai_usage: table('customer', {
    id: 'customer_id entry_id hold_id actor correlation_id',
    foreign: 'usage_id model',
    meta: 'meta',
    keep: 'credits at received_at',
  }),
  reports: table('customer', {
    id: 'customer_id actor correlation_id',
    foreign: 'report_id kind',
    meta: 'meta',
    keep: 'at received_at',
  }),
};
