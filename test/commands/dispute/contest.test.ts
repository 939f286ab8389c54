import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { insertUsage } from '#db/ai-usage.ts';
import { insertReport } from '#db/reports.ts';
import { DAY_MS, HOUR_MS } from '#src/core/clock.ts';
import { type AnswerWorld, answerWorld } from '#test/world/answer-world.ts';
import { readPdf } from '#test/world/read-pdf.ts';

/** Sofia made reports and AI calls, the last of them after the dispute was opened. */
async function used(world: AnswerWorld, count = 3): Promise<void> {
  const sql = world.database.knex;
  const { id } = await sql('customers').where({ email: 'sofia@firm.com' }).first('id');
  const now = world.clock.now();
  const row = { customer_id: id, meta: '{}', received_at: now, actor: 'api:product' };
  for (let index = 0; index < count; index++) {
    const at = now - (count - index) * HOUR_MS;
    await insertReport(sql, {
      ...row,
      report_id: `rep_${index}`,
      kind: 'summary',
      at,
      correlation_id: `req-${index}`,
    });
    const call = {
      credits: 2,
      entry_id: null,
      hold_id: null,
      model: 'large',
      correlation_id: `req-${index}`,
    };
    await insertUsage(sql, { ...row, ...call, usage_id: `use_${index}`, at });
  }
  const at = now + DAY_MS;
  await insertReport(sql, { ...row, report_id: 'rep_late', kind: 'summary', at, correlation_id: 'req-late' });
}

test('evidence from our records goes to the bank once, and counts when Stripe shows it', async () => {
  const world = await answerWorld();
  await used(world);
  const dispute = await world.disputed();

  const approval = await world.asks(
    `dispute contest ${dispute.id} --note "Three reports were made after the payment."`,
  );
  expect(world.posted()).toEqual([]);
  expect(await world.approves(approval)).toContain('is on its way to Stripe');
  await world.carried();

  expect(dispute).toMatchObject({
    status: 'under_review',
    evidence_details: { submission_count: 1 },
    evidence: {
      customer_email_address: 'sofia@firm.com',
      product_description: 'Reports from spreadsheets',
      refund_policy_disclosure: 'Within 14 days, when nothing was used.',
      cancellation_policy_disclosure: 'At any time.',
      uncategorized_text: 'Three reports were made after the payment.',
      access_activity_log: expect.stringContaining('made a report (summary)'),
      uncategorized_file: expect.stringMatching(/^file_/),
    },
  });
  expect(world.posted()).toEqual(['POST files', `POST disputes/${dispute.id}`]);
  expect(await world.effects()).toMatchObject([{ kind: 'submit_evidence', state: 'confirmed' }]);
  expect(await world.row(dispute.id)).toMatchObject({ decision: 'contest', status: 'under_review' });
});

test('the PDF that the bank gets is the one that the approver read, with names, times and page numbers', async () => {
  const world = await answerWorld();
  await world.database.knex('customers').update({ name: 'Sofía Łukasiewicz-Дмитриева' });
  await used(world);
  const dispute = await world.disputed();
  const approval = await world.asks(`dispute contest ${dispute.id}`);
  const { run_id: run } = await world.database.knex('approvals').where({ id: approval }).first('run_id');
  const shown = async () =>
    (await world.as('bo', `dispute evidence ${dispute.id} --run ${run} --json`)).json<{ sha256: string }>();

  const before = await shown();
  await world.approves(approval);
  await world.carried();

  const file = world.stripe.world.tables.fileContents.get(dispute.evidence.uncategorized_file ?? '');
  const { pages } = readPdf(file ?? new Uint8Array());
  const text = pages.join('\n');
  expect(before).toMatchObject({ approved: false });
  expect(await shown()).toMatchObject({ approved: true, sha256: before.sha256 });
  expect(text).toContain(`Evidence for the dispute ${dispute.id}`);
  expect(text).toContain('Sofía Łukasiewicz-Дмитриева');
  expect(text).toContain('rep_2');
  expect(text).toContain('req-2');
  expect(text).toContain('Reports from spreadsheets');
  expect(text).toContain(`Page 1 of ${pages.length}`);
  // What happened after the dispute says nothing of what was bought, and would change the file after its approval.
  expect(text).not.toContain('rep_late');
});

test('the preview hands the PDF out, and names the deadline and what is weak in it', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ reason: 'duplicate' });
  world.runner.settings = {
    ...world.runner.settings,
    disputes: { ...world.runner.settings.disputes, refund_policy: undefined },
  };
  const out = `/tmp/lucy-test-${dispute.id}.pdf`;

  const typed = await world.as(
    'bea',
    `dispute contest ${dispute.id} --reason "used it" --dry-run --out ${out}`,
  );

  const read = typed.out + typed.err;
  expect(read).toContain(`Contest the dispute ${dispute.id} of sofia@firm.com with evidence?`);
  expect(read).toContain('Nothing on record shows that the customer used the service.');
  expect(read).toContain('The bank hears nothing of refund_policy');
  expect(read).toContain('Name the other payment with --duplicate-of');
  expect(readPdf(await readFile(out)).pages.length).toBe(1);
});

test('records that changed before the click are asked anew', async () => {
  const world = await answerWorld();
  await used(world);
  const dispute = await world.disputed();
  const approval = await world.asks(`dispute contest ${dispute.id}`);
  await world.database.knex('customers').update({ name: 'Sofia Firm' });

  expect(await world.approves(approval)).toContain('the card asks anew');

  expect(await world.effects()).toEqual([]);
  expect(await world.approves(approval)).toContain('is on its way to Stripe');
});

test('usage that goes on after the dispute does not stop the approval', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const approval = await world.asks(`dispute contest ${dispute.id}`);
  world.clock.advance(HOUR_MS);
  await used(world, 0);

  expect(await world.approves(approval)).toContain('is on its way to Stripe');
});

test('where the customer says that it was cancelled, the note stands where the networks look for it', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ reason: 'subscription_canceled', inquiry: true });

  await world.approves(await world.asks(`dispute contest ${dispute.id} --note "It was not cancelled."`));
  await world.carried();

  expect(dispute.evidence.cancellation_rebuttal).toBe('It was not cancelled.');
  expect(dispute.evidence.uncategorized_text).toBeNull();
  expect(dispute.status).toBe('warning_under_review');
});

test('an inquiry that was answered and turns formal can be answered again', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed({ inquiry: true });
  await world.approves(await world.asks(`dispute contest ${dispute.id}`));
  await world.carried();
  world.stripe.world.escalateInquiry(dispute.id);
  await world.booked();

  expect((await world.row(dispute.id))?.decision).toBeNull();
  await world.approves(await world.asks(`dispute contest ${dispute.id}`));
  await world.carried();

  expect(dispute).toMatchObject({ status: 'under_review', evidence_details: { submission_count: 2 } });
});

test('thousands of records stay within what Stripe takes, and the newest are shown', async () => {
  const world = await answerWorld();
  await used(world, 900);
  const dispute = await world.disputed();

  await world.approves(
    await world.asks(`dispute contest ${dispute.id} --note "${'Used daily. '.repeat(200)}"`),
  );
  await world.carried();

  const log = dispute.evidence.access_activity_log ?? '';
  expect(log.length).toBeLessThanOrEqual(20_000);
  expect(log.split('\n').at(-1)).toMatch(/^… and [\d,]+ earlier entries in the attached document\.$/);
  const file = world.stripe.world.tables.fileContents.get(dispute.evidence.uncategorized_file ?? '');
  const { pages } = readPdf(file ?? new Uint8Array());
  expect(pages.length).toBeLessThan(50);
  expect(pages.join('\n')).toContain('the newest 250 of 900');
  expect(pages.join('\n')).toContain('rep_899');
});

test('a crowd of words is refused with what to do, and nothing is asked for', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const long = 'x'.repeat(3_001);

  const typed = await world.as('bea', `dispute contest ${dispute.id} --note ${long} --reason "used it"`);

  expect(typed).toMatchObject({ code: 2, err: expect.stringContaining('Keep it under 3000 characters') });
});

test('nobody’s payment, a dispute that is over, and support are refused', async () => {
  const world = await answerWorld();
  const dispute = await world.disputed();
  const contest = (user: string) => world.as(user, `dispute contest ${dispute.id} --reason "used it"`);

  expect((await contest('sam')).code).toBe(3);
  await world.as('ada', 'customer unlink sofia@firm.com cus_sofia --reason "wrong person"');
  expect((await contest('bea')).err).toContain('customer link EMAIL cus_sofia');
  await world.as('ada', 'customer link sofia@firm.com cus_sofia --reason "right person"');
  world.stripe.world.closeDispute(dispute.id, 'lost');
  expect((await contest('bea')).err).toContain('is lost already');
});
