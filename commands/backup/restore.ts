import { z } from 'zod';
import { asDatabase } from '#db/as-database.ts';
import type { Sql } from '#db/connection.ts';
import { readMaintenance } from '#db/maintenance.ts';
import { cancelRestore, findOpenRestore, insertRestore, type RestoreRow, wakeRestore } from '#db/restores.ts';
import { readFacts, stateWords } from '#src/backups/describe.ts';
import { requireTools } from '#src/backups/engine.ts';
import { type Restorable, requireNotBad, requireRestorable } from '#src/backups/find-backup.ts';
import { findLostActs } from '#src/backups/lost-acts.ts';
import { newRestore } from '#src/backups/new-restore.ts';
import type { Cause } from '#src/core/cause.ts';
import { spanWords } from '#src/core/clock.ts';
import { UserError } from '#src/core/errors.ts';
import { counted } from '#src/core/text.ts';
import { backupField } from '#src/runner/backup-fields.ts';
import { type CommandContext, defineCommand, type Outcome, type Plan } from '#src/runner/define-command.ts';
import { changeInputs, flagField, optionalTextField } from '#src/runner/fields.ts';

type Open = { kind: 'resume' | 'cancel'; restore: RestoreRow };
type Work = { kind: 'restore' | 'drill'; backup: Restorable } | Open;

/** Playbook, downtime response 3: back to a backup, when data are damaged. */
export const backupRestore = defineCommand({
  name: 'backup restore',
  summary: 'Go back to a backup of the whole database, or rehearse it',
  examples: [
    'backup restore --drill --reason "monthly drill"',
    'backup restore bkp_01jd2n8t1k5wq7x3e9r4 --reason "the ledger is damaged" --ticket INC-7',
    'backup restore --resume --reason "it stood still"',
  ],
  allowed: ['oncall'],
  effect: 'destructive',
  input: z.object({
    backup: backupField.optional().meta({
      label: 'Backup',
      placeholder: 'bkp_…',
      hint: 'Leave empty for the newest verified one',
    }),
    drill: flagField({ label: 'Drill', hint: 'Restores beside the living database and throws it away' }),
    resume: flagField({ label: 'Go on', hint: 'With the restore that stands still' }),
    cancel: flagField({ label: 'Take back', hint: 'The one under way, before anything is replaced' }),
    file: optionalTextField(500, {
      label: 'File',
      hint: 'Only in the terminal, with the service stopped: npx lucy backup restore --file PATH',
    }),
    ...changeInputs,
  }),
  positionals: ['backup'],

  async gather({ backup, drill, resume, cancel, file }, { sql, settings }): Promise<Work> {
    if (file !== undefined) throw fileElsewhere();
    const open = await findOpenRestore(sql);
    if (resume || cancel) {
      if (open) return { kind: cancel ? 'cancel' : 'resume', restore: open };
      throw new UserError('not_found', 'No restore is under way.', 'Begin one: backup restore');
    }
    if (open && !drill) throw alreadyOpen(open);
    const row = await requireRestorable(sql, backup);
    requireNotBad(row);
    await requireTools({ database: asDatabase(sql), settings });
    return { kind: drill ? 'drill' : 'restore', backup: row };
  },

  async plan(_input, context, work): Promise<Plan<Work>> {
    if (!work) throw new Error('The backups were not looked at');
    if ('restore' in work) return planOpen(work);
    return work.kind === 'drill' ? planDrill(work) : planRestore(work, context);
  },

  async execute({ data }, { sql, cause }): Promise<Outcome> {
    if ('restore' in data) return goOn(data, sql, cause);
    const { id: backupId, file, reached_at: reachedAt } = data.backup;
    const open = data.kind === 'restore' ? await findOpenRestore(sql) : undefined;
    if (open) throw alreadyOpen(open);
    const row = newRestore(cause, { kind: data.kind, backupId, file, reachedAt });
    await insertRestore(sql, row);
    return begun(row, data.kind === 'drill' ? 'The drill begins' : 'The restore begins', true);
  },
});

function planDrill(work: Extract<Work, { backup: Restorable }>): Plan<Work> {
  return {
    title: `Rehearse a restore of ${work.backup.id}`,
    customerId: null,
    changes: [],
    facts: [
      { label: 'As of', value: { at: work.backup.reached_at } },
      { label: 'Effect', value: 'None: it is restored beside the living database, checked, and thrown away' },
    ],
    confirmLabel: 'Rehearse it',
    // It only reads, so nobody has to agree.
    judgedAs: 'backup create',
    basis: ['drill', work.backup.id],
    data: work,
  };
}

async function goOn({ kind, restore }: Open, sql: Sql, { actor, now }: Cause): Promise<Outcome> {
  if (kind === 'resume') {
    await wakeRestore(sql, restore.id, now);
    return begun(restore, 'The restore goes on', false);
  }
  if (!(await cancelRestore(sql, restore.id, actor.name, now))) throw pastSwap();
  return begun(restore, 'The restore is taken back', false);
}

function planOpen({ kind, restore }: Open): Plan<Work> {
  const isResume = kind === 'resume';
  return {
    title: `${isResume ? 'Go on with' : 'Take back'} ${restore.requested_by}’s restore of ${restore.backup_id}`,
    customerId: null,
    changes: [],
    facts: [{ label: 'Got as far as', value: restore.step.replace('_', ' ') }],
    confirmLabel: isResume ? 'Go on' : 'Take it back',
    // What was approved goes on, or nothing is done; nothing new is decided.
    judgedAs: 'backup create',
    basis: [kind, restore.id],
    data: { kind, restore },
  };
}

async function planRestore(
  work: Extract<Work, { backup: Restorable }>,
  { sql, cause: { now } }: CommandContext,
): Promise<Plan<Work>> {
  const { backup } = work;
  const lost = await findLostActs(sql, readFacts(backup)?.auditId ?? null);
  const busy = await readMaintenance(sql, now);
  return {
    title: `Restore the whole database to the backup ${backup.id}`,
    customerId: null,
    changes: [
      {
        label: 'Database',
        before: 'as it is now',
        after: `as it was ${spanWords(Math.max(1_000, now - backup.reached_at))} ago`,
      },
    ],
    facts: [
      { label: 'As of', value: { at: backup.reached_at } },
      { label: 'The backup is', value: stateWords[backup.state] },
      { label: 'Meanwhile', value: 'Nothing can be changed; lookups work; Stripe’s webhooks wait at Stripe' },
      { label: 'Afterwards', value: 'Lucy catches up with Stripe and compares everything' },
      { label: 'Kept', value: 'A copy of what is there now, as a backup' },
    ],
    warnings: [
      `${counted(lost.acts, 'act')} of people and ${counted(lost.calls, 'call')} of the product after it will be gone; the report lists what people did.`,
      'What was on its way to Stripe then waits for somebody to let it go on, and open approvals end.',
      ...(backup.state === 'verified'
        ? []
        : ['This backup is not verified yet; it is, before anything is replaced.']),
      ...(busy ? [`${busy.by_name} is at a restore already.`] : []),
    ],
    confirmLabel: 'Restore it',
    isDanger: true,
    basis: ['restore', backup.id, backup.sha256],
    data: work,
  };
}

function begun(row: RestoreRow, title: string, isNew: boolean): Outcome {
  return {
    title,
    customerId: null,
    changes: [],
    facts: [
      { label: row.kind === 'drill' ? 'Drill' : 'Restore', value: { code: row.id } },
      { label: 'Backup', value: { code: row.backup_id } },
    ],
    before: null,
    after: { restore: row.id, backup: row.backup_id },
    undo: {
      line: null,
      sentence:
        row.kind === 'drill'
          ? 'A drill changes nothing.'
          : 'The copy of what was there before can be restored like any backup.',
    },
    logs: [{ event: 'restore', action: `${row.kind}_asked`, restore: row.id, backup: row.backup_id }],
    json: { restore: row.id, backup: row.backup_id },
    ...(isNew ? { isOnItsWay: true } : {}),
    follow: `restore:${row.id}`,
  };
}

function alreadyOpen(open: RestoreRow): UserError {
  return new UserError(
    'conflict',
    `${open.requested_by}’s restore of ${open.backup_id} is under way.`,
    'Wait until it is at its end; if it stands still, go on with it (backup restore --resume) or take it back (backup restore --cancel)',
  );
}

function pastSwap(): UserError {
  return new UserError(
    'conflict',
    'The backup stands in its place already, so the restore cannot be taken back.',
    'The copy of what was there before can be restored like any backup: backup list',
  );
}

function fileElsewhere(): UserError {
  return new UserError(
    'usage',
    'A file is restored only by a terminal of its own, while Lucy’s service is stopped.',
    'Stop the service on all machines, and type: npx lucy backup restore --file PATH',
  );
}
