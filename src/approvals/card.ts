import { type ApprovalRow, findApproval, listVotes, type VoteRow } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { findRun, type RunRow } from '#db/runs.ts';
import { isoTime } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { type Fact, type Reply, type ReplyButton, readReply } from '#src/replies/reply.ts';
import { describeEffect, effectsOfRun } from '#src/stripe-effects/describe-effect.ts';
import { answerOf, namesOf, neededWords } from './answered.ts';
import { mentionsOfRole } from './mentions.ts';
import { readShownPlan, type ShownPlan } from './shown-plan.ts';

type Stored = {
  approval: ApprovalRow;
  run: RunRow;
  plan: ShownPlan;
  votes: VoteRow[];
  effects: string[];
};

/** `approval:apr_…`, the card's key. */
export function cardKey(approvalId: string): string {
  return `approval:${approvalId}`;
}

/**
 * The card of an approval, from its rows alone: the only renderer, whichever road led to the present state. What is
 * not seen at Stripe yet is never called done.
 */
export async function approvalCard(
  sql: Sql,
  settings: Settings,
  approvalId: string,
): Promise<{ approval: ApprovalRow; reply: Reply; version: number } | null> {
  const approval = await findApproval(sql, approvalId);
  const run = approval && (await findRun(sql, approval.run_id));
  if (!approval || !run) return null;
  const stored = {
    approval,
    run,
    plan: readShownPlan(run.plan),
    votes: await listVotes(sql, approval.id, approval.basis),
    effects: (await effectsOfRun(sql, run.id)).map(describeEffect),
  };
  const reply =
    approval.state === 'pending'
      ? waitingCard(settings, stored)
      : approval.state === 'approved'
        ? approvedCard(stored)
        : endedCard(stored);
  const { correlation_id: correlationId } = approval;
  return { approval, version: approval.version, reply: { ...reply, correlationId, json: jsonOf(stored) } };
}

function waitingCard(settings: Settings, stored: Stored): Reply {
  const { approval, plan, votes } = stored;
  const soFar = votes.length > 0 ? `; ${namesOf(votes)} approved so far` : '';
  return {
    tone: 'preview',
    title: `${approval.requester_name} asks: ${plan.title}?`,
    mentions: mentionsOfRole(settings, approval.approver_role),
    changes: plan.changes,
    facts: [
      ...plan.facts,
      ...asked(stored),
      { label: 'Needs', value: `${neededWords(approval)}${soFar}` },
      { label: 'Policy', value: approval.why },
      { label: 'Expires', value: { at: approval.expires_at } },
    ],
    warnings: [...movedWarnings(approval), ...loginWarnings(approval), ...plan.warnings],
    buttons: [...buttonsOf(approval, plan), ...lookOf(plan)],
  };
}

/** With nobody under `people:`, a login and a Slack member cannot be told to be one human (DESIGN section 9). */
function loginWarnings({ requester_person: person, requester_name: name }: ApprovalRow): string[] {
  if (!person.startsWith('terminal:')) return [];
  return [
    `${name} is a login that Lucy knows by no name. Approve this only if somebody else than you typed it; an entry under people: in lucy.config.yml lets Lucy tell.`,
  ];
}

function movedWarnings(approval: ApprovalRow): string[] {
  const moved: string[] = approval.moved === null ? [] : JSON.parse(approval.moved);
  if (moved.length === 0) return [];
  return [`Something changed since this was asked, so it is asked anew. ${moved.join(' ')}`];
}

/** What is to be read before it is answered, and fits on no card. */
function lookOf({ look }: ShownPlan): ReplyButton[] {
  return look ? [{ kind: 'command', ...look }] : [];
}

/** A click carries the world that it was made on, and nothing else in it is believed. */
export function buttonsOf(approval: ApprovalRow, plan: ShownPlan): ReplyButton[] {
  const on = { approvalId: approval.id, basis: shortBasis(approval) };
  return [
    {
      kind: 'approve',
      label: `Approve: ${plan.confirmLabel}`,
      ...on,
      ...(plan.isDanger ? { confirm: `${plan.title}?` } : {}),
    },
    { kind: 'deny', label: 'Deny …', ...on },
    { kind: 'withdraw', label: 'Withdraw', ...on },
  ];
}

/** Enough of the fingerprint to tell one state of the world from another. */
export function shortBasis({ basis }: Pick<ApprovalRow, 'basis'>): string {
  return basis.slice(0, 16);
}

function approvedCard(stored: Stored): Reply {
  const { run, plan, votes } = stored;
  const approvedBy = votes.map(
    (vote): Fact => ({ label: 'Approved', value: `${vote.actor_name}, ${isoMinute(vote.at)}` }),
  );
  const facts = [...asked(stored), ...approvedBy, ...stored.effects.map(atStripe)];
  const shown = { changes: plan.changes, facts };
  if (run.state === 'carrying') {
    // What goes to Stripe has effects there; what works through many lines has a card of its own.
    const how = stored.effects.length > 0 ? 'waiting for Stripe’s confirmation' : 'and being carried out';
    const title = `${plan.title}: approved by ${namesOf(votes)}, ${how}.`;
    return { tone: 'sending', title, ...shown };
  }
  const receipt: Partial<Reply> = readReply(run.reply) ?? {};
  if (run.state === 'failed') {
    // The receipt says whether nothing of it happened, or a part.
    const title = `${receipt.title ?? `${plan.title}: it did not happen.`} Approved by ${namesOf(votes)}.`;
    return { tone: 'warning', title, ...shown, ...(receipt.hint ? { hint: receipt.hint } : {}) };
  }
  return {
    tone: 'done',
    title: `${receipt.title ?? plan.title} Approved by ${namesOf(votes)}.`,
    changes: receipt.changes ?? plan.changes,
    facts,
  };
}

function endedCard(stored: Stored): Reply {
  const { approval, plan } = stored;
  return {
    tone: approval.state === 'denied' ? 'refused' : 'info',
    title: `${plan.title}: nothing was done. ${answerOf(approval) ?? ''}`,
    changes: plan.changes,
    facts: asked(stored),
  };
}

function asked({ approval, run }: Stored): Fact[] {
  const facts: Fact[] = [{ label: 'Who', value: approval.requester_name }];
  if (run.reason) facts.push({ label: 'Why', value: run.reason });
  if (run.ticket) facts.push({ label: 'Ticket', value: run.ticket });
  facts.push({ label: 'Approval', value: { code: approval.id } });
  return facts;
}

function atStripe(sentence: string): Fact {
  return { label: 'Stripe', value: sentence };
}

function isoMinute(at: number): string {
  return `${isoTime(at).slice(0, 16).replace('T', ' ')} UTC`;
}

function jsonOf({ approval, run, plan, votes, effects }: Stored): Record<string, unknown> {
  return {
    approval: approval.id,
    state: approval.state,
    run: run.id,
    runState: run.state,
    command: approval.command,
    title: plan.title,
    changes: plan.changes,
    warnings: plan.warnings,
    requester: approval.requester_name,
    reason: run.reason,
    ticket: run.ticket,
    needs: { role: approval.approver_role, count: approval.approvers_needed },
    approvedBy: votes.map((vote) => ({ name: vote.actor_name, at: isoTime(vote.at) })),
    answer: answerOf(approval),
    stripe: effects,
    expires: isoTime(approval.expires_at),
    correlationId: approval.correlation_id,
  };
}
