import { setImmediate as nextTurn } from 'node:timers/promises';
import { findMark, writeMark } from '#db/detector-marks.ts';
import { type FindingRow, listOpenOfKind } from '#db/findings.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { MINUTE_MS, SECOND_MS } from '#src/core/clock.ts';
import { errorMessage } from '#src/core/errors.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import { readDetails } from './details.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors.ts';
import { tellHealed } from './tell-healed.ts';
import { tellNew } from './tell-new.ts';

/** So many open findings of a kind are looked at again in one look; the next look goes on behind them. */
const RECHECKED = 50;

/** So long one detector catches up at most, so that the others get their look. */
const LOOK_MS = 2 * SECOND_MS;
/** Where nothing is new, how far it looked is written down so often. */
const NOTE_MS = MINUTE_MS;

/** One look of every detector; one that fails holds up none of the others. */
export async function detect(deps: BillingDeps): Promise<void> {
  for (const detector of detectors) {
    try {
      await healed(deps, detector);
      await catchUp(deps, detector);
    } catch (error) {
      if (isStripeTrouble(error)) continue;
      deps.log.error({ event: 'detector_failed', kind: detector.kind, err: error }, errorMessage(error));
    }
  }
}

/** Page after page, or a burst would be looked at hours later. */
async function catchUp(deps: BillingDeps, detector: Detector): Promise<void> {
  const until = deps.clock.now() + LOOK_MS;
  while ((await lookOnce(deps, detector)) && deps.clock.now() < until) await nextTurn();
}

/** Returns whether there is more behind what it looked at. */
async function lookOnce(deps: BillingDeps, detector: Detector): Promise<boolean> {
  const now = deps.clock.now();
  const last = await findMark(deps.database.knex, detector.kind);
  const mark = last?.mark ?? null;
  const found = await detector.look(deps, mark, now);
  const isNew = found.mark !== mark;
  const isNoted = last !== undefined && last.seen_until !== null && now - last.looked_at < NOTE_MS;
  if (found.defects.length === 0 && !isNew && isNoted) return false;
  const cause = scheduleCause(now, 'Lucy looked for what the support runbook knows');
  const told = await inTransaction(deps.database, async (sql) => {
    await deps.fence?.(sql);
    const opened = await tellNew(sql, deps.settings, cause, detector.kind, found.defects);
    await writeMark(sql, {
      name: detector.kind,
      mark: found.mark,
      looked_at: now,
      seen_until: found.seenUntil,
    });
    return opened;
  });
  for (const defect of told) {
    deps.log.warn(
      {
        correlationId: cause.correlationId,
        event: 'finding_opened',
        kind: detector.kind,
        subject: defect.subject,
      },
      'finding_opened',
    );
  }
  return found.isFull && isNew;
}

/** Closes what is well again; where the last look at the open ones ended, this one begins. */
async function healed(deps: BillingDeps, detector: Detector): Promise<void> {
  const now = deps.clock.now();
  const sql = deps.database.knex;
  const name = `${detector.kind} open`;
  const after = (await findMark(sql, name))?.mark ?? '';
  const open = await listOpenOfKind(sql, detector.kind, after, RECHECKED);
  const well: FindingRow[] = [];
  for (const finding of open)
    if (!(await detector.isStill(deps, finding, readDetails(finding.evidence), now))) well.push(finding);
  const next = open.length === RECHECKED ? (open.at(-1)?.id ?? '') : '';
  if (well.length === 0 && next === after) return;
  await inTransaction(deps.database, async (trx) => {
    await deps.fence?.(trx);
    await tellHealed(trx, deps.settings, scheduleCause(now, 'Lucy looked whether it is well again'), well);
    if (next !== after) await writeMark(trx, { name, mark: next, looked_at: now, seen_until: null });
  });
}
