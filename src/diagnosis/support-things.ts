import { type ThingKind, word } from './thing-kind.ts';

/** What is made while somebody is helped. */
export const supportThings: readonly ThingKind[] = [
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
    prefix: 'out_',
    means: 'a message',
    table: 'outbox',
    at: 'created_at',
    say: (row) => `A message to ${row.target}; it is ${row.state}.`,
  },
];
