import { readMark, writeMark } from '#db/detector-marks.ts';
import { type FindingRow, listOpenOfKind } from '#db/findings.ts';
import { inTransaction } from '#db/transaction.ts';
import { scheduleCause } from '#src/audit/schedule-cause.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import { errorMessage } from '#src/core/errors.ts';
import { isStripeTrouble } from '#src/gateways/stripe-errors.ts';
import { readDetails } from './details.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors.ts';
import { tellHealed } from './tell-healed.ts';
import { tellNew } from './tell-new.ts';

/** So many open findings of a kind are looked at again in one look; the next look goes on behind them. */
const RECHECKED = 50;

/** One look of every detector; one that fails holds up none of the others. */
export async function detect(deps: BillingDeps): Promise<void> {
  for (const detector of detectors) {
    try {
      await healed(deps, detector);
      await lookOnce(deps, detector);
    } catch (error) {
      if (isStripeTrouble(error)) continue;
      deps.log.error({ event: 'detector_failed', kind: detector.kind, err: error }, errorMessage(error));
    }
  }
}

async function lookOnce(deps: BillingDeps, detector: Detector): Promise<void> {
  const now = deps.clock.now();
  const mark = await readMark(deps.database.knex, detector.kind);
  const found = await detector.look(deps, mark, now);
  if (found.defects.length === 0 && found.mark === mark) return;
  const cause = scheduleCause(now, 'Lucy looked for what the support runbook knows');
  const told = await inTransaction(deps.database, async (sql) => {
    const opened = await tellNew(sql, deps.settings, cause, detector.kind, found.defects);
    if (found.mark !== mark) await writeMark(sql, detector.kind, found.mark, now);
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
}

/** Closes what is well again; where the last look at the open ones ended, this one begins. */
async function healed(deps: BillingDeps, detector: Detector): Promise<void> {
  const now = deps.clock.now();
  const sql = deps.database.knex;
  const name = `${detector.kind} open`;
  const after = (await readMark(sql, name)) ?? '';
  const open = await listOpenOfKind(sql, detector.kind, after, RECHECKED);
  const well: FindingRow[] = [];
  for (const finding of open)
    if (!(await detector.isStill(deps, finding, readDetails(finding.evidence), now))) well.push(finding);
  const next = open.length === RECHECKED ? (open.at(-1)?.id ?? '') : '';
  if (well.length === 0 && next === after) return;
  await inTransaction(deps.database, async (trx) => {
    await tellHealed(trx, deps.settings, scheduleCause(now, 'Lucy looked whether it is well again'), well);
    if (next !== after) await writeMark(trx, name, next, now);
  });
}
