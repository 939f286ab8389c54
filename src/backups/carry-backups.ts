import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type BackupRow, claimBackup, settleBackup, updateBackup } from '#db/backups.ts';
import { renewLease } from '#db/leases.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { errorMessage, UserError } from '#src/core/errors.ts';
import { newId } from '#src/core/ids.ts';
import { raiseFinding, settleFinding } from '#src/findings/open.ts';
import type { BackupDeps } from './deps.ts';
import { backupFacts } from './describe.ts';
import { holding } from './holding.ts';
import { causeOf } from './kept-cause.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { proveBackup } from './prove.ts';
import { writeBackup } from './write.ts';

const LEASE_MS = 2 * MINUTE_MS;
const TRIES_MAX = 3;

/** Makes, or verifies, the backup that waits longest. Returns how many it found. */
export async function carryBackups(
  deps: BackupDeps,
  report: (sentence: string) => void = () => {},
  id: string | null = null,
): Promise<number> {
  const now = deps.clock.now();
  const token = newId('lease', now);
  const row = await inTransaction(deps.database, (sql) =>
    claimBackup(sql, { token, now, until: now + LEASE_MS }, id),
  );
  if (!row) return 0;
  // Made on another machine, whose process verifies it.
  if (row.file !== null && !existsSync(row.file)) {
    const next_attempt_at = now + MINUTE_MS;
    await settleBackup(
      deps.database.knex,
      { id: row.id, token },
      { attempts: row.attempts - 1, next_attempt_at },
    );
    return 0;
  }
  const held = { id: row.id, token };
  const renew = () =>
    renewLease(deps.database.knex, 'backups', held, deps.clock.now() + LEASE_MS).catch(() => {});
  try {
    await holding(renew, 20 * SECOND_MS, () => carryOne(deps, row, token, report));
  } catch (error) {
    await fail(deps, row, token, error);
  }
  return 1;
}

async function carryOne(
  deps: BackupDeps,
  row: BackupRow,
  token: string,
  report: (sentence: string) => void,
): Promise<void> {
  report('Copying the database');
  const written = await writtenOf(deps, row);
  deps.crashPoint?.('backup written');
  const proof = await proveBackup(deps, { id: row.id, sha256: written.sha256, file: written.file }, report);
  const at = deps.clock.now();
  const isGood = proof.problems.length === 0;
  const verified: BackupRow = {
    ...written,
    state: isGood ? 'verified' : 'bad',
    facts: proof.facts && JSON.stringify(proof.facts),
    verified_at: at,
    ended_at: at,
    error: isGood ? null : proof.problems.join(' '),
  };
  await markManifest(written.file, isGood ? at : null, proof.facts);
  await settle(deps, verified, token);
}

/** What a process that died in the middle had written already is verified, and not made again. */
async function writtenOf(
  deps: BackupDeps,
  row: BackupRow,
): Promise<BackupRow & { file: string; sha256: string }> {
  if (row.state === 'taken' && row.file !== null && row.sha256 !== null)
    return { ...row, file: row.file, sha256: row.sha256 };
  const about = { id: row.id, why: row.why, requestedBy: row.requested_by };
  const written = await writeBackup(deps, about);
  await updateBackup(deps.database.knex, row.id, { ...written, state: 'taken' });
  return { ...row, ...written, state: 'taken' };
}

async function markManifest(
  file: string,
  verifiedAt: number | null,
  facts: Awaited<ReturnType<typeof proveBackup>>['facts'],
): Promise<void> {
  const known = await readManifest(file);
  if (known) await writeManifest(dirname(file), { ...known, verifiedAt, facts });
}

async function settle(deps: BackupDeps, row: BackupRow, token: string): Promise<void> {
  const { id: _id, lease_token: _token, lease_until: _until, attempts: _attempts, ...changes } = row;
  const cause = causeOf(row, deps.clock.now());
  await inTransaction(deps.database, async (sql) => {
    if (!(await settleBackup(sql, { id: row.id, token }, changes))) return;
    if (row.state === 'bad') await raiseFinding(sql, cause, badFinding(row));
    else await settleFinding(sql, 'backup_failed', 'backups', cause.now);
    if (row.run_id === null) return;
    const isDone = row.state === 'verified';
    await deps.onEnd(sql, cause, row.run_id, {
      isDone,
      title: isDone
        ? `Backup ${row.id} is made, and verified by restoring it.`
        : `Backup ${row.id} is bad: ${row.error}`,
      facts: backupFacts(row),
      ...(isDone
        ? {}
        : { hint: 'Keep the database as it is, and look what is wrong with it: “audit verify”.' }),
      json: { backup: row.id, state: row.state, file: row.file, problem: row.error },
    });
  });
  const level = row.state === 'bad' ? 'error' : 'info';
  deps.log[level](
    { correlationId: row.correlation_id, event: 'backup', action: `backup_${row.state}`, backup: row.id },
    'backup',
  );
}

function badFinding(row: BackupRow) {
  return {
    kind: 'backup_bad' as const,
    subject: row.id,
    customerId: null,
    summary: `Backup ${row.id} was restored to try it, and is bad: ${row.error}`,
    hint: 'Do not rely on it. If the next one is bad, too, the living database is: ask “audit verify” and “credits audit”, and keep the older backups.',
    evidence: { backup: row.id, file: row.file, problems: row.error },
    tell: 'oncall' as const,
    buttons: [{ kind: 'command' as const, label: 'Backups', line: 'backup list' }],
  };
}

async function fail(deps: BackupDeps, row: BackupRow, token: string, error: unknown): Promise<void> {
  const now = deps.clock.now();
  const said = error instanceof UserError ? `${error.message} ${error.hint}` : errorMessage(error);
  deps.log.error(
    { event: 'backup_failed', backup: row.id, err: error, correlationId: row.correlation_id },
    said,
  );
  if (row.attempts < TRIES_MAX) {
    const changes = { next_attempt_at: now + row.attempts * MINUTE_MS, error: said };
    await settleBackup(deps.database.knex, { id: row.id, token }, changes);
    return;
  }
  await inTransaction(deps.database, async (sql) => {
    const changes = { state: 'failed' as const, error: said, ended_at: now };
    if (!(await settleBackup(sql, { id: row.id, token }, changes))) return;
    await raiseFinding(sql, scheduleCause(now, 'A backup could not be made'), {
      kind: 'backup_failed',
      subject: 'backups',
      customerId: null,
      summary: `A backup could not be made: ${said}`,
      hint: 'Mend it, and try: backup create',
      evidence: { backup: row.id },
      tell: 'oncall',
    });
    if (row.run_id === null) return;
    await deps.onEnd(sql, causeOf(row, now), row.run_id, {
      isDone: false,
      title: 'No backup was made.',
      facts: [{ label: 'Why', value: said }],
      hint: 'Mend it, and ask again: backup create',
      json: { backup: row.id, state: 'failed', problem: said },
    });
  });
}
