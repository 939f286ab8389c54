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
  // Of passes of one owner the first may have to go alone: the others come after it, so that history tells their order.
  const owners = new Set<string>();
  const firsts = ready.filter(({ pass: { owner } }) => owners.size < owners.add(owner.id).size);
  const ends = await commitTogether(turn.deps, firsts);
  const results: SyncResult[] = [];
  const waiting: Ready[] = [];
  for (const one of ready) {
    const isBehind = waiting.some(({ pass: { owner } }) => owner.id === one.pass.owner.id);
    const end = ends[firsts.indexOf(one)] ?? (ends.includes('held') ? 'held' : 'alone');
    const result = isBehind ? 'held' : await commitOne(turn, one, end);
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
