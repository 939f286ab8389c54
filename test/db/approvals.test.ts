import { expect, test } from 'vitest';
import { type ApprovalRow, insertApproval, insertVote } from '#db/approvals.ts';
import type { Sql } from '#db/connection.ts';
import { freshDatabase } from '#test/world/fresh-database.ts';

const pending: ApprovalRow = {
  id: 'apr_1',
  run_id: 'run_1',
  state: 'pending',
  version: 1,
  basis: 'world-1',
  command: 'refund request',
  customer_id: null,
  requester_person: 'sam',
  requester_id: 'slack:U0SAM00001',
  requester_name: 'Sam',
  approver_role: 'billing',
  approvers_needed: 2,
  why: 'Refunds need two.',
  channel: 'approvals',
  decided_person: null,
  decided_id: null,
  decided_name: null,
  decided_at: null,
  decision_reason: null,
  moved: null,
  reminders: 0,
  escalated_at: null,
  expires_at: 100,
  correlation_id: 'cor_1',
  asked_at: 1,
  created_at: 1,
};

async function asked(approval: Partial<ApprovalRow> = {}): Promise<Sql> {
  const { database } = await freshDatabase();
  await insertApproval(database.knex, { ...pending, ...approval });
  return database.knex;
}

function vote(sql: Sql, person: string, basis = 'world-1'): Promise<boolean> {
  const who = { person, actor_id: `slack:${person}`, actor_name: person, surface: 'slack' };
  return insertVote(sql, { approval_id: 'apr_1', basis, at: 2, ...who });
}

function decide(sql: Sql, patch: Record<string, unknown>): Promise<unknown> {
  return sql('approvals').where({ id: 'apr_1' }).update(patch);
}

/** Whatever the program does, and whoever sits at a database prompt: these are refused by the database itself. */
test('nobody votes for their own request', async () => {
  const sql = await asked();

  await expect(vote(sql, 'sam')).rejects.toThrow('nobody approves their own request');
  // The same id under another name: somebody was given a name after they had asked.
  const renamed = { person: 'samuel', actor_id: 'slack:U0SAM00001', actor_name: 'Sam', surface: 'slack' };
  const again = insertVote(sql, { approval_id: 'apr_1', basis: 'world-1', at: 2, ...renamed });
  await expect(again).rejects.toThrow('nobody approves their own request');
});

test('nobody decides their own request, and nobody decides it anonymously', async () => {
  const sql = await asked({ approvers_needed: 0 });

  const own = decide(sql, { state: 'approved', decided_person: 'sam' });
  await expect(own).rejects.toThrow('nobody decides their own request');
  await expect(decide(sql, { state: 'denied', decided_person: 'sam' })).rejects.toThrow('their own');
  await expect(decide(sql, { state: 'approved' })).rejects.toThrow('nobody decides their own request');
});

test('it is not approved without the votes it needs, and votes for another world do not count', async () => {
  const sql = await asked();
  await vote(sql, 'bea');
  await vote(sql, 'bo', 'world-0');
  const approve = () => decide(sql, { state: 'approved', decided_person: 'bea' });
  await expect(approve()).rejects.toThrow('not enough people approved this');

  expect(await vote(sql, 'bea')).toBe(false);
  await expect(approve()).rejects.toThrow('not enough people approved this');
  await vote(sql, 'bo');
  await approve();

  expect(await sql('approvals').first('state')).toEqual({ state: 'approved' });
});

test('what is decided stays decided, and what was asked stays what it was', async () => {
  const sql = await asked();
  await expect(decide(sql, { requester_person: 'bea' })).rejects.toThrow('cannot be rewritten');
  await expect(decide(sql, { approvers_needed: 1 })).rejects.toThrow('cannot be rewritten');
  await expect(decide(sql, { approver_role: 'support' })).rejects.toThrow('cannot be rewritten');
  for (const person of ['bea', 'bo']) await vote(sql, person);
  await decide(sql, { state: 'denied', decided_person: 'bea' });

  await expect(decide(sql, { state: 'pending' })).rejects.toThrow('decided already');
  await expect(decide(sql, { state: 'approved' })).rejects.toThrow('decided already');
  await expect(decide(sql, { basis: 'world-2' })).rejects.toThrow('decided already');
  await expect(decide(sql, { decided_person: 'bo' })).rejects.toThrow('decided already');
});

test('an approval begins pending, and votes are never rewritten', async () => {
  const { database } = await freshDatabase();
  const born = insertApproval(database.knex, { ...pending, state: 'approved', decided_person: 'bea' });
  await expect(born).rejects.toThrow('begins pending');

  const sql = await asked();
  await vote(sql, 'bea');
  await expect(sql('approval_votes').update({ person: 'bo' })).rejects.toThrow('append-only');
  await expect(sql('approval_votes').delete()).rejects.toThrow('append-only');
  await expect(sql('approvals').delete()).rejects.toThrow('append-only');
});
