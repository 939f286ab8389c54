import { type ApprovalRow, listApprovalsOf, listPendingApprovals } from '#db/approvals.ts';
import { findRun } from '#db/runs.ts';
import { answerOf, neededWords } from '#src/approvals/answered.ts';
import { buttonsOf } from '#src/approvals/card.ts';
import { isApprover, isRequester, rolesToAnswer } from '#src/approvals/may-answer.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import type { Actor } from '#src/core/actor.ts';
import type { ReplyButton } from '#src/replies/reply.ts';
import type { Runner } from '#src/runner/runner.ts';
import { type Block, plainText } from '../block-kit.ts';
import { renderButtons } from '../render/render-buttons.ts';
import { lines, own, piece, words } from '../render/rich-text.ts';

const WAITING_MAX = 8;
const ASKED_MAX = 5;

/** The alerts that nobody has, what waits for this person's answer, and what they asked for, each with the buttons that act from here. */
export async function approvalBlocks(
  runner: Runner,
  actor: Actor,
  alerts: readonly Block[],
): Promise<Block[]> {
  const sql = runner.database.knex;
  const pending = await listPendingApprovals(sql, rolesToAnswer(actor), 200);
  const mine = pending.filter(
    (approval) => !isRequester(runner.settings, approval, actor) && isApprover(approval, actor),
  );
  const asked = await listApprovalsOf(sql, actor.person, ASKED_MAX);
  const waiting = await Promise.all(
    mine.slice(0, WAITING_MAX).map((approval) => waitingBlocks(runner, approval)),
  );
  const requests = await Promise.all(asked.map((approval) => askedBlocks(runner, approval)));
  return [
    { type: 'header', text: plainText('Waits for you') },
    ...alerts,
    ...(waiting.length + alerts.length > 0
      ? waiting.flat()
      : [lines([[own('Nothing waits for your answer.')]])]),
    ...(mine.length > WAITING_MAX
      ? [lines([[own(`… and ${mine.length - WAITING_MAX} more: /lucy approval list`, { italic: true })]])]
      : []),
    ...(requests.length > 0
      ? [{ type: 'header' as const, text: plainText('You asked for') }, ...requests.flat()]
      : []),
  ];
}

async function waitingBlocks(runner: Runner, approval: ApprovalRow): Promise<Block[]> {
  const run = await findRun(runner.database.knex, approval.run_id);
  const plan = readShownPlan(run?.plan ?? null);
  const [approve, deny] = buttonsOf(approval, plan);
  const buttons = [approve, deny, details(approval)].filter((button) => button !== undefined);
  return [
    lines([
      [words(`${plan.title}?`, 200, { bold: true })],
      [
        words(approval.requester_name, 80),
        own(' asks: '),
        words(run?.reason ?? 'no reason given', 200),
        own(' · until '),
        piece({ at: approval.expires_at }, 60),
      ],
    ]),
    ...renderButtons(buttons),
  ];
}

async function askedBlocks(runner: Runner, approval: ApprovalRow): Promise<Block[]> {
  const run = await findRun(runner.database.knex, approval.run_id);
  const plan = readShownPlan(run?.plan ?? null);
  const isOpen = approval.state === 'pending';
  const withdraw = buttonsOf(approval, plan).filter((button) => isOpen && button.kind === 'withdraw');
  const answer = answerOf(approval) ?? `Waits for ${neededWords(approval)}.`;
  const state = run?.state === 'failed' ? `${answer} It did not happen, or not all of it.` : answer;
  return [
    lines([
      [words(plan.title, 200, { bold: true })],
      [words(run?.state === 'carrying' ? `${state} Waiting for Stripe’s confirmation.` : state, 300)],
    ]),
    ...renderButtons([...withdraw, details(approval)]),
  ];
}

function details(approval: ApprovalRow): ReplyButton {
  return { kind: 'command', label: 'Details', line: `approval show ${approval.id}` };
}
