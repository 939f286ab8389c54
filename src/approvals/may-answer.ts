import type { ApprovalRow } from '#db/approvals.ts';
import type { Actor } from '#src/core/actor.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';
import { listed } from '#src/core/text.ts';
import { isSamePerson } from '#src/policy/same-person.ts';

/** Whose requests this person may answer, by role; null for an admin, who may answer all. */
export function rolesToAnswer(actor: Actor): readonly string[] | null {
  return actor.roles.includes('admin') ? null : actor.roles;
}

/** Holds the role that must answer; an admin may answer everything. */
export function isApprover(approval: Pick<ApprovalRow, 'approver_role'>, actor: Actor): boolean {
  return (
    actor.refusal === null && actor.roles.some((role) => role === approval.approver_role || role === 'admin')
  );
}

/**
 * Refuses whoever may not answer, and says why. Membership of a channel is never authority: only the roles of the
 * settings are, and one person is one person however many ids they have (DESIGN section 4).
 *
 * @throws UserError
 */
export function requireApprover(settings: Settings, approval: ApprovalRow, actor: Actor): void {
  if (actor.refusal !== null)
    throw new UserError('refused', actor.refusal, 'Ask a colleague who is a full member to answer it.');
  if (isRequester(settings, approval, actor)) {
    throw new UserError(
      'refused',
      'You asked for this yourself, and nobody approves or denies their own request.',
      `Ask somebody else with the role ${approval.approver_role}, or withdraw it.`,
    );
  }
  if (!isApprover(approval, actor)) {
    const held = actor.roles.length > 0 ? `you have ${listed(actor.roles)}` : 'you have no role';
    throw new UserError(
      'refused',
      `Answering this needs the role ${approval.approver_role}, and ${held}.`,
      'Ask a colleague who has it; the card stays open for them.',
    );
  }
  if (isUnmapped(actor)) {
    throw new UserError(
      'refused',
      'Lucy knows this login by no name, so she cannot tell it from whoever asked.',
      'Ask an admin to map it to a person under people: in lucy.config.yml, or answer in Slack.',
    );
  }
}

/** DESIGN section 9: a terminal user who is mapped to nobody can never approve. */
function isUnmapped(actor: Actor): boolean {
  return actor.person.startsWith('terminal:');
}

/** It was they who asked, under whichever of their ids. */
export function isRequester(settings: Settings, approval: ApprovalRow, actor: Actor): boolean {
  const asked = { person: approval.requester_person, actorId: approval.requester_id };
  return isSamePerson(settings, asked, actor);
}

/** @throws UserError unless it was they who asked */
export function requireRequester(settings: Settings, approval: ApprovalRow, actor: Actor): void {
  if (actor.refusal === null && isRequester(settings, approval, actor)) return;
  throw new UserError(
    'refused',
    `Only ${approval.requester_name}, who asked, can withdraw this.`,
    'If you may answer it, deny it with a reason instead.',
  );
}
