import type { ApprovalRow } from '#db/approvals.ts';
import type { Actor } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import { ActImpossible, possible } from './act-impossible.ts';
import type { CommandContext, Plan } from './define-command.ts';
import { judgePlan } from './judge-plan.ts';
import type { Asked } from './open-approval.ts';

export type Stricter = { count: number; why: string };

/**
 * What the policy says by now, of the amount as it is now and of what this day held until now: a request that waited
 * must not pass what a new one could not. It never becomes milder than what was asked.
 *
 * @throws ActImpossible when policy refuses it, or wants another role to answer
 */
export async function stricterNow(
  act: CommandContext,
  { command }: Asked,
  requester: Actor,
  held: ApprovalRow,
  plan: Plan<unknown>,
): Promise<Stricter | null> {
  const ruling = await possible(() =>
    judgePlan(act, command, plan, requester, { isHeld: true, place: null, ignoresGlass: true }),
  );
  if (ruling.kind === 'allowed') return null;
  const { role, count, why } = ruling.verdict;
  if (role !== held.approver_role) {
    const hint = 'Ask for it again, so that the right people are asked.';
    throw new ActImpossible(new UserError('refused', `${why} It was asked of ${held.approver_role}.`, hint));
  }
  return count > held.approvers_needed ? { count, why } : null;
}
