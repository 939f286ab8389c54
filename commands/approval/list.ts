import { z } from 'zod';
import {
  type ApprovalRow,
  listApprovalsOf,
  listPendingApprovals,
  listRecentApprovals,
} from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { findRun } from '#db/runs.ts';
import { answerOf, neededWords } from '#src/approvals/answered.ts';
import { isApprover, isRequester, rolesToAnswer } from '#src/approvals/may-answer.ts';
import { readShownPlan } from '#src/approvals/shown-plan.ts';
import type { Actor } from '#src/core/actor.ts';
import { isoTime } from '#src/core/clock.ts';
import type { Settings } from '#src/core/settings.ts';
import { counted } from '#src/core/text.ts';
import type { ReplyButton, Section, Value } from '#src/replies/reply.ts';
import { defineLookup } from '#src/runner/define-command.ts';

const SHOWN_MAX = 50;
const ENDED_MAX = 10;
const BUTTONS_MAX = 5;

type Listed = { approval: ApprovalRow; title: string };

/** What waits for an answer: mine first, then what I asked for, then everybody's; and what became of the last ones. */
export const approvalList = defineLookup({
  name: 'approval list',
  summary: 'List what waits for an approval, and what became of the last ones',
  examples: ['approval list'],
  allowed: 'any role',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { sql, settings, cause: { actor } }) {
    const pending = await withTitles(sql, await listPendingApprovals(sql, rolesToAnswer(actor), SHOWN_MAX));
    const mine = pending.filter(({ approval }) => mayAnswer(settings, approval, actor));
    const asked = await withTitles(sql, await openOf(sql, actor.person));
    const everybodys = await withTitles(sql, await listPendingApprovals(sql, null, SHOWN_MAX));
    const shown = new Set([...mine, ...asked].map(({ approval }) => approval.id));
    const others = everybodys.filter(({ approval }) => !shown.has(approval.id));
    const recent = await listRecentApprovals(sql, ENDED_MAX * 2);
    const ended = await withTitles(
      sql,
      recent.filter(({ state }) => state !== 'pending').slice(0, ENDED_MAX),
    );
    return {
      tone: 'info',
      title:
        mine.length > 0
          ? `${counted(mine.length, 'request')} ${mine.length === 1 ? 'waits' : 'wait'} for your answer.`
          : 'Nothing waits for your answer.',
      sections: [
        section('Waiting for your answer', mine),
        section('You asked for', asked),
        ...(others.length > 0 ? [section('Waiting for others', others)] : []),
        endedSection(ended),
      ],
      buttons: [...mine, ...asked].slice(0, BUTTONS_MAX).map(buttonOf),
      json: {
        waitingForYou: mine.map(jsonOf),
        askedByYou: asked.map(jsonOf),
        waitingForOthers: others.map(jsonOf),
        ended: ended.map(jsonOf),
      },
    };
  },
});

function mayAnswer(settings: Settings, approval: ApprovalRow, actor: Actor): boolean {
  return !isRequester(settings, approval, actor) && isApprover(approval, actor);
}

async function openOf(sql: Sql, person: string): Promise<ApprovalRow[]> {
  const asked = await listApprovalsOf(sql, person, SHOWN_MAX);
  return asked.filter(({ state }) => state === 'pending');
}

async function withTitles(sql: Sql, approvals: readonly ApprovalRow[]): Promise<Listed[]> {
  return Promise.all(
    approvals.map(async (approval) => {
      const run = await findRun(sql, approval.run_id);
      return { approval, title: readShownPlan(run?.plan ?? null).title };
    }),
  );
}

function section(heading: string, listed: readonly Listed[]): Section {
  return {
    heading,
    lines: listed.map(({ approval, title }): Value[] => [
      { code: approval.id },
      `${title} (${approval.requester_name}; needs ${neededWords(approval)}; until`,
      { at: approval.expires_at },
      ')',
    ]),
    empty: 'Nothing.',
  };
}

function endedSection(ended: readonly Listed[]): Section {
  return {
    heading: 'Answered last',
    lines: ended.map(({ approval, title }): Value[] => [
      { code: approval.id },
      `${title}: ${answerOf(approval) ?? ''}`,
    ]),
    empty: 'Nothing yet.',
  };
}

function buttonOf({ approval, title }: Listed): ReplyButton {
  return { kind: 'command', label: `Open: ${title}`, line: `approval show ${approval.id}` };
}

function jsonOf({ approval, title }: Listed): Record<string, unknown> {
  return {
    approval: approval.id,
    state: approval.state,
    title,
    requester: approval.requester_name,
    needs: { role: approval.approver_role, count: approval.approvers_needed },
    expires: isoTime(approval.expires_at),
    answer: answerOf(approval),
    correlationId: approval.correlation_id,
  };
}
