import type { ThingRow, ThingTable } from '#db/things.ts';
import { counted } from '#src/core/text.ts';
import type { Moment } from './timeline.ts';

/** What has an id of its own and is not among the tables that a trail reads by correlation id. */
export type ThingKind = {
  prefix: string;
  means: string;
  table: ThingTable;
  /** The column of its moment. */
  at: string;
  say(row: ThingRow): string;
  /** Ids in the row that lead on: runs, correlation ids, other things. */
  leads?(row: ThingRow): unknown[];
};

const word = (value: unknown) => String(value ?? '');
const own = (row: ThingRow) => [row.correlation_id];

/** By how their ids begin. Some begin alike: then each table is looked into. */
export const thingKinds: readonly ThingKind[] = [
  {
    prefix: 'inc_',
    means: 'an incident',
    table: 'incidents',
    at: 'declared_at',
    say: (row) =>
      `${row.declared_name} declared ${row.drill_id ? 'DRILL' : 'INC'}-${row.number}: ${row.title}${row.private_at === null ? '' : ' (private)'}; it is ${row.state}.`,
  },
  {
    prefix: 'ine_',
    means: 'a line of an incident’s timeline',
    table: 'incident_entries',
    at: 'at',
    say: (row) => `In an incident’s timeline: ${row.actor_name} ${word(row.text)}`,
    leads: (row) => [row.correlation_id, row.incident_id],
  },
  {
    prefix: 'upd_',
    means: 'an update for customers',
    table: 'incident_updates',
    at: 'due_at',
    say: (row) => `An update for customers by ${row.author_name}: ${word(row.body)}`,
    leads: (row) => [row.correlation_id, row.incident_id],
  },
  {
    prefix: 'act_',
    means: 'an action of a postmortem',
    table: 'postmortem_actions',
    at: 'created_at',
    say: (row) => `${row.owner_name} took on, after an incident: ${word(row.text)}`,
    leads: (row) => [row.incident_id],
  },
  {
    prefix: 'rel_',
    means: 'a release',
    table: 'releases',
    at: 'deployed_at',
    say: (row) => `Version ${row.version} was deployed, as ${row.reported_by} reported.`,
  },
  {
    prefix: 'rbk_',
    means: 'a rollback',
    table: 'rollbacks',
    at: 'created_at',
    say: (row) => `A rollback from ${row.from_version} to ${row.to_version}; it is ${row.state}.`,
    leads: (row) => [row.correlation_id, row.run_id],
  },
  {
    prefix: 'rbk_',
    means: 'a runbook that somebody works through',
    table: 'runbook_runs',
    at: 'started_at',
    say: (row) => `${row.actor_name} started the runbook ${row.runbook}; it is ${row.state}.`,
  },
  {
    prefix: 'sug_',
    means: 'a suggestion for a runbook',
    table: 'runbook_suggestions',
    at: 'created_at',
    say: (row) => `${row.actor_name} suggested for the runbook ${row.runbook}: ${row.suggestion}`,
  },
  {
    prefix: 'alr_',
    means: 'an alert',
    table: 'health_alerts',
    at: 'opened_at',
    say: (row) =>
      `An alert opened: ${word(row.detail)}${row.recovered_at === null ? ' It is open.' : ` It recovered: ${word(row.recovered_detail)}`}`,
  },
  {
    prefix: 'esc_',
    means: 'an escalation',
    table: 'escalations',
    at: 'created_at',
    say: (row) => `${row.requester_name} handed “${row.about}” to ${row.team}; it is ${row.state}.`,
  },
  {
    prefix: 'inv_',
    means: 'an investigation',
    table: 'investigations',
    at: 'opened_at',
    say: (row) => `${row.actor_name} began to investigate ${row.ticket}; it is ${row.state}.`,
    leads: (row) => [row.correlation_id, row.ticket],
  },
  {
    prefix: 'bat_',
    means: 'an import',
    table: 'batches',
    at: 'created_at',
    say: (row) => `An import (${row.command}) of ${counted(Number(row.total), 'line')}; it is ${row.state}.`,
    leads: (row) => [row.correlation_id, row.run_id],
  },
  {
    prefix: 'rec_',
    means: 'a reconciliation',
    table: 'reconcile_runs',
    at: 'started_at',
    say: (row) => `${row.actor_name} started a reconciliation; it is ${row.state}.`,
    leads: (row) => [row.correlation_id, row.run_id],
  },
  {
    prefix: 'rcf_',
    means: 'a finding of a reconciliation',
    table: 'reconcile_findings',
    at: 'found_at',
    say: (row) => `A reconciliation found ${row.kind} of ${row.subject}; it is ${row.state}.`,
    leads: (row) => [row.run_id, row.apply_run],
  },
  {
    prefix: 'eff_',
    means: 'an effect at Stripe',
    table: 'stripe_effects',
    at: 'created_at',
    say: (row) => `Stripe was to ${row.kind} ${word(row.target_id)}; it is ${row.state}.`,
    leads: (row) => [row.correlation_id, row.run_id, row.object_id],
  },
  {
    prefix: 'fnd_',
    means: 'a finding',
    table: 'findings',
    at: 'opened_at',
    say: (row) => `Found: ${word(row.summary)} It is ${row.state}.`,
  },
  {
    prefix: 'ntc_',
    means: 'a notice to a team',
    table: 'team_notices',
    at: 'opened_at',
    say: (row) => `A notice to ${row.team} about ${row.kind}.`,
  },
  {
    prefix: 'bkp_',
    means: 'a backup',
    table: 'backups',
    at: 'created_at',
    say: (row) => `A backup (${row.why}); it is ${row.state}.`,
    leads: (row) => [row.correlation_id, row.run_id],
  },
  {
    prefix: 'drl_',
    means: 'a drill',
    table: 'drills',
    at: 'started_at',
    say: (row) => `${row.started_name} started a drill.`,
  },
  {
    prefix: 'ovr_',
    means: 'a tier set by hand',
    table: 'overrides',
    at: 'starts_at',
    say: (row) => `Tier ${row.tier} was set by hand: ${row.reason}`,
    leads: (row) => [row.ticket],
  },
  {
    prefix: 'man_',
    means: 'a subscription outside Stripe',
    table: 'manual_subscriptions',
    at: 'set_at',
    say: (row) => `A ${row.type} subscription outside Stripe was recorded as ${row.status}: ${row.reason}`,
    leads: (row) => [row.ticket],
  },
  {
    prefix: 'gra_',
    means: 'a grace',
    table: 'grace_periods',
    at: 'started_at',
    say: (row) => `A grace began for ${row.invoice_id}; it is ${row.state}.`,
    leads: (row) => [row.invoice_id],
  },
  {
    prefix: 'lot_',
    means: 'credits that one grant brought',
    table: 'credit_lots',
    at: 'created_at',
    say: (row) => `${counted(Number(row.granted), 'credit')} came; ${row.remaining} are left of them.`,
    leads: (row) => [row.payment_id, row.source_id],
  },
  {
    prefix: 'bnd_',
    means: 'preserved evidence',
    table: 'evidence_bundles',
    at: 'created_at',
    say: (row) => `Evidence was preserved: ${row.reason}`,
    leads: (row) => [row.correlation_id, row.dispute_id],
  },
  {
    prefix: 'bulk_',
    means: 'a bulk refresh',
    table: 'bulk_refreshes',
    at: 'started_at',
    say: (row) => `Stripe was read by list pages for ${counted(Number(row.customers), 'customer')}.`,
    leads: () => [],
  },
  {
    prefix: 'out_',
    means: 'a message',
    table: 'outbox',
    at: 'created_at',
    say: (row) => `A message to ${row.target}; it is ${row.state}.`,
  },
];

export function momentOfThing(kind: ThingKind, row: ThingRow): Moment {
  return {
    at: Number(row[kind.at] ?? 0),
    kind: kind.means.replace(/^an? /, ''),
    id: String(row.id),
    correlationId: String(row.correlation_id ?? ''),
    sentence: kind.say(row),
  };
}

export function leadsOf(kind: ThingKind, row: ThingRow): string[] {
  return (kind.leads ?? own)(row).flatMap((id) => (typeof id === 'string' && id !== '' ? [id] : []));
}
