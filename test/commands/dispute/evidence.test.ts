import { expect, test } from 'vitest';
import { answerWorld } from '#test/world/answer-world.ts';

test('whoever is handed the evidence stands in the audit, with what and its sum', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const row = await world.row(dispute.id);
  const handedOut = () =>
    world.database.knex('audit_events').where({ command: 'dispute evidence' }).orderBy('id');

  expect((await world.as('bea', 'dispute evidence du_nowhere')).code).toBe(5);
  expect(await handedOut()).toEqual([]);
  const typed = await world.as('bea', `dispute evidence ${dispute.id} --json`);

  const { bundle, sha256 } = typed.json<{ bundle: string; sha256: string }>();
  const [audit, ...others] = await handedOut();
  expect(others).toEqual([]);
  expect(audit).toMatchObject({ outcome: 'done', actor_id: 'terminal:bea', customer_id: row?.customer_id });
  expect(JSON.parse(audit.after)).toEqual({ bundle, sha256 });
  expect((await world.as('ada', 'audit search --command "dispute evidence"')).out).toContain('Bea');
});

test('so does whoever reads the PDF before it is sent', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const approval = await world.asks(`dispute contest ${dispute.id} --reason "used it"`);
  const { run_id: run } = await world.database.knex('approvals').where({ id: approval }).first();

  const typed = await world.as('bo', `dispute evidence ${dispute.id} --run ${run} --json`);

  const { sha256 } = typed.json<{ sha256: string }>();
  const [audit] = await world.database.knex('audit_events').where({ command: 'dispute evidence' });
  expect(audit).toMatchObject({ actor_id: 'terminal:bo' });
  expect(JSON.parse(audit.input)).toEqual({ dispute: dispute.id, run });
  expect(JSON.parse(audit.after)).toEqual({ document: `evidence-${dispute.id}.pdf`, sha256 });
});
