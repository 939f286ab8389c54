import { type ThingKind, word } from './thing-kind.ts';

/** What is made while something is out of order, and around releases and backups. */
export const incidentThings: readonly ThingKind[] = [
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
    prefix: 'alr_',
    means: 'an alert',
    table: 'health_alerts',
    at: 'opened_at',
    say: (row) =>
      `An alert opened: ${word(row.detail)}${row.recovered_at === null ? ' It is open.' : ` It recovered: ${word(row.recovered_detail)}`}`,
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
];
