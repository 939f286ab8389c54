import { HeldElsewhere } from '#db/sync-holds.ts';
import { commitSync, commitTogether } from './commit-sync.ts';
import { postponePass } from './postpone-pass.ts';
import type { Ready, SyncResult, Turn } from './turn.ts';
import type { LeaseLost } from './write-pass.ts';

/**
 * Together what is plain, and the rest one by one: one customer's defect holds nobody up. Nor does one whose rows
 * somebody holds for long: then nobody shares, and who has to wait comes last.
 */
export async function commitAll(turn: Turn, ready: readonly Ready[]): Promise<SyncResult[]> {
  if (ready.length === 0) return [];
  const ends = await commitTogether(turn.deps, ready);
  const results: SyncResult[] = [];
  const waiting: Ready[] = [];
  for (const [index, one] of ready.entries()) {
    const result = await commitOne(turn, one, ends[index] ?? 'alone');
    if (result === 'held') waiting.push(one);
    else results.push(result);
  }
  for (const one of waiting) {
    const result = await commitOne(turn, one, 'alone');
    results.push(result === 'held' ? 'postponed' : result);
  }
  return results;
}

async function commitOne(
  { deps, open }: Turn,
  { cause, pass }: Ready,
  end: 'committed' | 'alone' | 'held' | LeaseLost,
): Promise<SyncResult | 'held'> {
  try {
    if (end === 'alone') await commitSync(deps, cause, pass);
    else if (end === 'held') await commitSync(deps, cause, pass, { isBrief: true });
    else if (end !== 'committed') throw end;
    deps.crashPoint?.('sync committed');
    open.delete(pass.claim.stripe_customer_id);
    return 'synced';
  } catch (error) {
    if (error instanceof HeldElsewhere) return 'held';
    open.delete(pass.claim.stripe_customer_id);
    return await postponePass(deps, pass, cause, error);
  }
}
