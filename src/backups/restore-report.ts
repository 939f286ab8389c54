import type { RestoreRow } from '#db/restores.ts';
import { formatUtc, isoTime, spanWords } from '#src/core/clock.ts';
import { counted, listed } from '#src/core/text.ts';
import type { Fact, Section, Value } from '#src/replies/reply.ts';
import type { RunEnd } from './deps.ts';
import { type LostAct, type RestoreFacts, readRestoreFacts } from './restore-facts.ts';

const second = (ms: number) => spanWords(Math.max(1_000, ms));

/** The recovery point, the recovery time, and what there is to know of both. */
export function restoreFacts(row: RestoreRow): Fact[] {
  const { closedAt, openedAt, safety, held, customers, reconciliation, differences, lost, holds } =
    readRestoreFacts(row);
  const facts: Fact[] = [
    { label: 'Backup', value: { code: row.backup_id } },
    { label: 'As of', value: { at: row.reached_at } },
  ];
  const fact = (label: string, value: Value) => facts.push({ label, value });
  if (closedAt !== undefined) fact('Recovery point', `${second(closedAt - row.reached_at)} back`);
  if (closedAt !== undefined && openedAt !== undefined) fact('Recovery time', second(openedAt - closedAt));
  if (holds)
    fact(
      'Audit',
      `sealed up to ${holds.auditSeq.toLocaleString('en-US')}; heads told later do not fit it any more`,
    );
  if (lost) fact('Done after the backup', lostWords(lost.acts, lost.calls));
  if (held) fact('Held back', heldWords(held));
  if (customers !== undefined) fact('To be fetched from Stripe', counted(customers, 'customer'));
  if (reconciliation !== undefined) fact('Compared in', { code: reconciliation });
  if (differences !== undefined)
    fact('Differs from Stripe', differences === 0 ? 'nothing' : counted(differences, 'thing'));
  if (safety) fact('Copy of what was there before', { code: safety.id });
  return facts;
}

function lostWords(acts: number, calls: number): string {
  return `${counted(acts, 'act')} of people and ${counted(calls, 'call')} of the product are not in it`;
}

function heldWords(held: NonNullable<RestoreFacts['held']>): string {
  const parts = [
    counted(held.effects, 'change at Stripe', 'changes at Stripe'),
    counted(held.approvals, 'approval'),
    counted(held.messages, 'message'),
    counted(held.mails, 'mail'),
    ...(held.batches ? [counted(held.batches, 'list of credits', 'lists of credits')] : []),
    ...(held.repairs ? [counted(held.repairs, 'repair')] : []),
  ];
  return listed(parts);
}

/** What people did after the backup, so that they can do it again where it is still right. */
export function lostSection(row: RestoreRow): Section[] {
  const { lost } = readRestoreFacts(row);
  if (!lost || lost.acts === 0) return [];
  const more = lost.acts > lost.shown.length ? `, the first ${lost.shown.length} of ${lost.acts}` : '';
  return [
    {
      heading: `Done after the backup${more}`,
      lines: lost.shown.map((act): Value[] => [{ at: act.at }, lostLine(act)]),
    },
  ];
}

function lostLine({ by, what, why, about, note }: LostAct): string {
  const whom = about ? `: ${about}` : '';
  return `${by}: ${what}${why ? ` (${why})` : ''}${whom}${note ? `. ${note}` : ''}`;
}

/** What became of the run that asked for it. */
export function endedRun(row: RestoreRow): RunEnd {
  const facts = readRestoreFacts(row);
  const isDone = row.step === 'done';
  const what = row.kind === 'drill' ? 'drill' : 'restore';
  const titles = {
    drill: isDone
      ? `The drill went well: backup ${row.backup_id} could be restored now.`
      : `The drill failed: ${row.error}`,
    restore: isDone
      ? `The database is as it was at ${formatUtc(row.reached_at)}, and Lucy has caught up with Stripe.`
      : `The database was not restored, and is as it was: ${row.error}`,
  };
  return {
    isDone,
    title: titles[what],
    facts: restoreFacts(row),
    ...(isDone ? {} : { hint: 'See which others there are: backup list' }),
    json: {
      [what]: row.id,
      backup: row.backup_id,
      state: row.step,
      problem: row.error,
      asOf: isoTime(row.reached_at),
      recoveryPointSeconds: seconds(row.reached_at, facts.closedAt),
      recoveryTimeSeconds: seconds(facts.closedAt, facts.openedAt),
      lost: facts.lost ?? null,
      held: facts.held ?? null,
      customers: facts.customers ?? null,
      reconciliation: facts.reconciliation ?? null,
      differences: facts.differences ?? null,
      safetyCopy: facts.safety ?? null,
    },
  };
}

function seconds(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : Math.round((to - from) / 100) / 10;
}
