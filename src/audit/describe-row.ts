import type { FoundAuditRow } from '#db/audit-events.ts';
import { isoTime } from '#src/core/clock.ts';
import { clamp, listed } from '#src/core/text.ts';
import type { Cell } from '#src/replies/csv.ts';
import type { Value } from '#src/replies/reply.ts';

const CHANGE_MAX = 120;

type Approver = { person: string; name: string; at: number };

export const columns = ['When', 'Who', 'What', 'Customer', 'Change', 'Why', 'Seal', 'Correlation ID'];

/** An audit row as a line of a table that people read. */
export function tableRow(row: FoundAuditRow): Value[] {
  return [
    { at: row.at },
    whoOf(row),
    row.outcome === 'done' ? row.command : `${row.command} (${row.outcome})`,
    customerOf(row) ?? '—',
    shortChange(row.before, row.after) || '—',
    [row.reason, row.ticket].filter(Boolean).join(', ') || '—',
    row.seal_seq === null ? 'not sealed yet' : `sealed as ${row.seal_seq}`,
    { code: row.correlation_id },
  ];
}

function whoOf(row: FoundAuditRow): string {
  const approvers = approversOf(row).map((approver) => approver.name);
  return [
    row.actor_name,
    approvers.length > 0 ? `approved by ${listed(approvers)}` : null,
    row.break_glass ? `BREAK-GLASS ${row.break_glass}` : null,
  ]
    .filter(Boolean)
    .join(', ');
}

function customerOf(row: FoundAuditRow): string | null {
  return row.customer_email ?? row.customer_id;
}

function approversOf(row: FoundAuditRow): Approver[] {
  const approvers = row.approved_by === null ? [] : readJson(row.approved_by);
  return Array.isArray(approvers) ? approvers : [];
}

/** A row that somebody altered must still be readable, or it could not be looked into. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * What moved, name by name: `tier: free → pro, access: none → full`. What stayed is left out, and so is what only names
 * the row itself.
 */
export function shortChange(before: string, after: string): string {
  const [from, to] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  const moved = names
    .filter((name) => name !== 'id')
    .map((name) => ({ name, from: shown(name, from[name]), to: shown(name, to[name]) }))
    .filter((change) => change.from !== change.to)
    .map((change) => `${change.name ? `${change.name}: ` : ''}${change.from} → ${change.to}`);
  return clamp(moved.join(', '), CHANGE_MAX);
}

function fieldsOf(json: string): Record<string, unknown> {
  const value = readJson(json);
  if (value === null) return {};
  return typeof value === 'object' && !Array.isArray(value) ? { ...value } : { '': value };
}

function shown(name: string, value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'number' && /(At|_at)$/.test(name)) return isoTime(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export const csvColumns = [
  'at',
  'actor',
  'actor_id',
  'person',
  'surface',
  'command',
  'outcome',
  'customer',
  'customer_id',
  'before',
  'after',
  'reason',
  'ticket',
  'input',
  'approval',
  'approved_by',
  'break_glass',
  'run',
  'correlation_id',
  'audit_id',
  'seal',
  'seal_hash',
  'shared_id',
];

/** The same row in full, in the order of `csvColumns`. */
export function csvRow(row: FoundAuditRow): Cell[] {
  return [
    isoTime(row.at),
    row.actor_name,
    row.actor_id,
    row.person,
    row.surface,
    row.command,
    row.outcome,
    row.customer_email,
    row.customer_id,
    row.before,
    row.after,
    row.reason,
    row.ticket,
    row.input,
    row.approval_id,
    row.approved_by,
    row.break_glass,
    row.run_id,
    row.correlation_id,
    row.id,
    row.seal_seq,
    row.seal_hash,
    row.shared_id,
  ];
}

export function rowJson(row: FoundAuditRow): Record<string, unknown> {
  return {
    id: row.id,
    at: isoTime(row.at),
    actor: { id: row.actor_id, name: row.actor_name, person: row.person },
    surface: row.surface,
    command: row.command,
    outcome: row.outcome,
    customer: customerOf(row),
    input: readJson(row.input),
    before: readJson(row.before),
    after: readJson(row.after),
    reason: row.reason,
    ticket: row.ticket,
    run: row.run_id,
    approval: row.approval_id,
    approvedBy: approversOf(row).map((approver) => ({ ...approver, at: isoTime(approver.at) })),
    breakGlass: row.break_glass,
    correlationId: row.correlation_id,
    sharedId: row.shared_id,
    seal: row.seal_seq === null ? null : { seq: row.seal_seq, hash: row.seal_hash },
  };
}
