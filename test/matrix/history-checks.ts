import type { ApprovalRow, VoteRow } from '#db/approvals.ts';
import type { RunRow } from '#db/runs.ts';
import { type Era, humanOf, mayApprove } from './history-people.ts';
import type { HistoryWorld, Step } from './history-world.ts';

/** What a history has brought about so far. */
export type Facts = {
  approvals: ApprovalRow[];
  votes: VoteRow[];
  runs: RunRow[];
  entries: { idempotency_key: string; amount: number }[];
  /** Of tiers that were set: what they were before, by what the audit says. */
  tiers: { run_id: string; before: string }[];
};

export async function factsOf({ database: { knex }, firstId }: HistoryWorld): Promise<Facts> {
  const approvals: ApprovalRow[] = await knex('approvals').where('id', '>=', firstId('apr')).orderBy('id');
  const runs: RunRow[] = await knex('runs').where('id', '>=', firstId('run')).orderBy('id');
  return {
    approvals,
    runs,
    tiers: await knex('audit_events')
      .select('run_id', 'before')
      .where({ command: 'tier set', outcome: 'done' })
      .where('run_id', '>=', firstId('run')),
    votes: await knex('approval_votes').whereIn(
      'approval_id',
      approvals.map(({ id }) => id),
    ),
    entries: await knex('credit_entries')
      .select('idempotency_key', 'amount')
      .whereIn(
        'idempotency_key',
        runs.map(({ id }) => `run:${id}`),
      ),
  };
}

/**
 * What may never be seen after a step, as sentences; `before` is what was there before it.
 * The test reckons with humans, not with what Lucy takes for one person.
 */
export function violations(era: Era, step: Step, before: Facts, after: Facts): string[] {
  const isOutdated = step.do === 'approve' && step.seen === 'outdated';
  return [
    ...(isOutdated && after.votes.length > before.votes.length
      ? ['A click on an outdated card counted']
      : []),
    ...after.tiers.flatMap((set) => ofTier(after, set)),
    ...after.approvals.flatMap((approval) => ofApproval(era, before, after, approval)),
    ...after.runs.flatMap((run) => ofRun(after, run)),
    ...newOnes(before.runs, after.runs).flatMap((run) => ofLimit(era, after, run)),
  ];
}

function ofApproval(era: Era, before: Facts, after: Facts, approval: ApprovalRow): string[] {
  const { id, state, basis, approvers_needed: needed, requester_id: requester } = approval;
  const earlier = before.approvals.find((candidate) => candidate.id === id);
  const votes = after.votes.filter((vote) => vote.approval_id === id);
  const own = votes.filter((vote) => humanOf(vote.actor_id) === humanOf(requester));
  const unentitled = votes.filter(
    (vote) => !before.votes.some((known) => isSame(known, vote)) && !mayApprove(era, vote.actor_id),
  );
  const agreed = new Set(
    votes.filter((vote) => vote.basis === basis).map((vote) => humanOf(vote.actor_id).name),
  );
  const wrong: string[] = [];
  if (own.length > 0) wrong.push(`${id}: ${requester} approved their own request`);
  if (unentitled.length > 0) wrong.push(`${id}: ${unentitled[0]?.actor_id} approved without the role`);
  if (state === 'approved' && agreed.size < needed)
    wrong.push(`${id} is approved by ${agreed.size} of ${needed}`);
  if (earlier && earlier.state !== 'pending' && earlier.state !== state)
    wrong.push(`${id} was ${earlier.state} and is ${state}`);
  const run = after.runs.find((candidate) => candidate.id === approval.run_id);
  if ((state === 'approved') !== (run?.state === 'done'))
    wrong.push(`${id} is ${state}, and its run ${run?.state}`);
  return wrong;
}

/** Credits come from a grant that is done, exactly once, and from nothing else. */
function ofRun({ entries }: Facts, run: RunRow): string[] {
  if (run.command !== 'credits grant') return [];
  const amounts = entries
    .filter(({ idempotency_key: key }) => key === `run:${run.id}`)
    .map(({ amount }) => amount);
  const wanted = run.state === 'done' ? [countOf(run)] : [];
  return amounts.join() === wanted.join() ? [] : [`${run.id} is ${run.state} and granted [${amounts}]`];
}

/** What was done is what the card showed when it was approved, and not what the world had become since. */
function ofTier({ runs }: Facts, { run_id: runId, before }: Facts['tiers'][number]): string[] {
  const plan = runs.find(({ id }) => id === runId)?.plan ?? '{}';
  const changes: { label: string; before: string }[] = JSON.parse(plan).changes ?? [];
  const shown = changes.find(({ label }) => label === 'Set by hand')?.before ?? 'nothing';
  const was = JSON.parse(before).override ?? 'no';
  return shown.startsWith(was) ? [] : [`${runId} showed ${shown}, and it was ${was}`];
}

/** I17: what one person did alone in a day is within the limit, counted with all they did that day. */
function ofLimit(era: Era, { runs, approvals }: Facts, run: RunRow): string[] {
  if (run.command !== 'credits grant' || approvals.some((approval) => approval.run_id === run.id)) return [];
  const day = dayOf(run);
  const total = runs
    .filter((other) => other.command === run.command && other.state === 'done' && dayOf(other) === day)
    .filter((other) => humanOf(other.actor_id) === humanOf(run.actor_id))
    .reduce((sum, other) => sum + countOf(other), 0);
  const wrong: string[] = [];
  if (countOf(run) > era.alone) wrong.push(`${run.id}: ${run.actor_id} gave ${countOf(run)} alone`);
  if (total > era.perDay) wrong.push(`${run.id}: ${run.actor_id} gave ${total} in a day`);
  return wrong;
}

/** Runs that became done by the last step. */
function newOnes(before: readonly RunRow[], after: readonly RunRow[]): RunRow[] {
  const done = new Set(before.filter(({ state }) => state === 'done').map(({ id }) => id));
  return after.filter(({ id, state }) => state === 'done' && !done.has(id));
}

function isSame(one: VoteRow, other: VoteRow): boolean {
  return (
    one.approval_id === other.approval_id && one.actor_id === other.actor_id && one.basis === other.basis
  );
}

function countOf({ input }: RunRow): number {
  return Number(JSON.parse(input).count);
}

function dayOf({ done_at: at }: RunRow): number {
  return Math.floor((at ?? 0) / (24 * 3_600_000));
}
