import { setImmediate as nextTurn } from 'node:timers/promises';
import { countAnchors, findBrokenAnchor } from '#db/audit-anchors.ts';
import { findAuditSeal } from '#db/audit-seals.ts';
import { findUnsealedWithoutRow, listCovers } from '#db/audit-unsealed.ts';
import type { Sql } from '#db/connection.ts';
import { formatUtc, MINUTE_MS } from '#src/core/clock.ts';
import { type Problem, Problems } from './problem.ts';
import { type Walked, walkChain } from './walk-chain.ts';

/** A head of the chain as a channel or a log keeps it. */
export type ToldHead = { seq: number; hash: string };

export type Proof = Walked & {
  /** Heads told outside that were compared. */
  anchors: number;
  /** In the order of the chain; empty when everything is as it was written. */
  problems: readonly Problem[];
  problemCount: number;
  unsealed: { count: number; oldestAt: number | null; isOverdue: boolean };
};

/** The sealer looks every few seconds; what waits longer than this says that it does not run. */
const OVERDUE_MS = 15 * MINUTE_MS;
const PAGE = 1_000;

/**
 * Proves that the audit is what was written: no row altered, deleted, swapped or put in, and no tail cut. Reads
 * everything, page by page, and writes nothing.
 *
 * @param told a head that was kept outside, for when the database's own notes of it were cut, too
 * @param onPage told now and then how many sealed rows were checked so far
 */
export async function verifyAudit(
  sql: Sql,
  now: number,
  told: ToldHead | null = null,
  onPage?: (checked: number) => void,
): Promise<Proof> {
  const problems = new Problems();
  const walked = await walkChain(sql, problems, onPage);
  const anchors = await checkAnchors(sql, problems);
  if (told) await checkTold(sql, told, walked.seq, problems);
  const unsealed = await checkCover(sql, now, problems);
  return { ...walked, anchors, problems: problems.first, problemCount: problems.count, unsealed };
}

async function checkAnchors(sql: Sql, problems: Problems): Promise<number> {
  const broken = await findBrokenAnchor(sql);
  if (broken) {
    const where = broken.told === 'log' ? 'the log' : `the ${broken.told} channel`;
    problems.add(
      'anchor',
      { seq: broken.seq },
      `The head ${broken.seq} that was told in ${where} at ${formatUtc(broken.at)} is not in the chain any more: it was cut, or rewritten up to there.`,
    );
  }
  return countAnchors(sql);
}

async function checkTold(sql: Sql, told: ToldHead, lastSeq: number, problems: Problems): Promise<void> {
  const seal = await findAuditSeal(sql, told.seq);
  if (seal?.hash === told.hash) return;
  problems.add(
    'anchor',
    { seq: told.seq },
    seal
      ? `Seal ${told.seq} is not the one that you hold: the chain was rewritten at or before it.`
      : `You hold the head ${told.seq}, but the chain ends at ${lastSeq}: its tail was cut.`,
  );
}

/** Every row is sealed, or waits for it; what is neither came, or lost its seal, behind Lucy's back. */
async function checkCover(sql: Sql, now: number, problems: Problems): Promise<Proof['unsealed']> {
  const unsealed: Proof['unsealed'] = { count: 0, oldestAt: null, isOverdue: false };
  let after = '';
  for (;;) {
    const page = await listCovers(sql, after, PAGE);
    for (const row of page) {
      if (row.seal_seq !== null) continue;
      if (row.waiting_id === null) {
        problems.add(
          'stray',
          { auditId: row.id },
          `The audit row ${row.id} has no seal and does not wait for one: it was put in, or its seal was taken away.`,
        );
        continue;
      }
      unsealed.count++;
      unsealed.oldestAt = Math.min(unsealed.oldestAt ?? row.at, row.at);
    }
    after = page.at(-1)?.id ?? after;
    if (page.length < PAGE) break;
    await nextTurn();
  }
  const lost = await findUnsealedWithoutRow(sql);
  if (lost !== undefined)
    problems.add('deleted', { auditId: lost }, `The audit row ${lost} was deleted before it was sealed.`);
  unsealed.isOverdue = unsealed.oldestAt !== null && now - unsealed.oldestAt > OVERDUE_MS;
  return unsealed;
}
