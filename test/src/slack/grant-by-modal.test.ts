import { expect, test } from 'vitest';
import { slackWorld } from '#test/world/slack-world.ts';
import { slowCommand } from '#test/world/test-commands.ts';

async function withSofia(options: Parameters<typeof slackWorld>[0] = {}) {
  const world = await slackWorld(options);
  await world.given('customer add sofia@firm.com');
  await world.pumpAll();
  return { ...world, sam: world.slack.as('sam') };
}

test('a grant by modal: prefilled, a field error that keeps what was typed, preview, and receipt', async () => {
  const { sam, slack, database } = await withSofia();

  await sam.say('support', '/lucy credits grant sofia@firm.com');
  const form = sam.modal();
  expect(form).toMatchObject({ title: 'Credits grant', filled: { 'input:email': 'sofia@firm.com' } });
  expect(sam.messages('support').filter((message) => message.isEphemeral)).toEqual([]);

  await sam.submit({ Credits: '1.5', Reason: 'lost upload', Ticket: 'ZD-812' });
  expect(sam.modal()).toMatchObject({
    errors: { 'input:count': 'Credits are whole: no fractions.' },
    filled: { 'input:email': 'sofia@firm.com', 'input:count': '1.5', 'input:reason': 'lost upload' },
  });
  expect(await database.knex('runs').where({ command: 'credits grant', state: 'planned' })).toEqual([]);

  await sam.submit({ Credits: '100' });
  const preview = sam.modal();
  expect(preview?.title).toBe('Please check');
  expect(preview?.reads).toContain('Credits  0 → 100');
  expect(preview?.view.submit).toMatchObject({ text: 'Grant 100 credits' });

  await sam.submit();
  await slack.waitFor(() => sam.modal()?.title === 'Done');
  expect(sam.modal()?.reads).toContain('100 credits granted to sofia@firm.com.');
  expect(sam.modal()?.reads).toContain('For the ticket');
  expect(await database.knex('credit_entries')).toMatchObject([{ amount: 100, ticket: 'ZD-812' }]);
  expect(await database.knex('audit_events').where({ command: 'credits grant' })).toHaveLength(1);
});

test('the same signed submissions, sent again, grant once', async () => {
  const { sam, slack, database } = await withSofia();
  await sam.say('support', '/lucy credits grant sofia@firm.com');
  await sam.submit({ Credits: '100', Reason: 'lost upload' });
  await sam.submit();

  for (const delivery of slack.deliveries.filter((one) => one.kind === 'view_submission')) {
    const answer = await slack.replay(delivery.id);
    expect(answer.body).toBe(delivery.response?.body);
  }

  expect(await database.knex('credit_entries')).toHaveLength(1);
});

test('closing the preview drops it', async () => {
  const { sam, database } = await withSofia();
  await sam.say('support', '/lucy credits grant sofia@firm.com');
  await sam.submit({ Credits: '100', Reason: 'lost upload' });

  await sam.closeModal();

  await expect.poll(() => database.knex('runs').where({ state: 'cancelled' })).toHaveLength(1);
  expect(await database.knex('credit_entries')).toEqual([]);
});

test.each(['expired_trigger_id', 'exchanged_trigger_id'])(
  'after %s there is a sentence with what to type instead, and a button',
  async (error) => {
    const { sam, slack } = await withSofia();
    slack.faults.add({ method: 'views.open', kind: 'error', error, times: 1 });

    await sam.say('support', '/lucy credits grant');
    const told = sam.lastMessage('support');
    expect(told.reads).toContain('nothing was changed');
    expect(told.reads).toContain('/lucy credits grant EMAIL COUNT --reason …');

    await sam.click({ channel: 'support', ts: told.ts }, 'Open the form');
    await slack.waitFor(() => sam.modal()?.title === 'Credits grant');
  },
);

test('a plan that takes longer than Slack waits shows that it is being checked, and then the preview', async () => {
  const { sam, slack } = await withSofia({ commands: [slowCommand({ planMs: 2_300 })] });
  await sam.say('support', '/lucy test slow');

  await sam.submit({ Reason: 'a test' });
  expect(sam.modal()?.reads).toContain('Checking …');

  await slack.waitFor(() => sam.modal()?.title === 'Please check');
  expect(sam.modal()?.view.submit).toMatchObject({ text: 'Do it slowly' });
});

test('a deed that takes longer than Slack waits ends in its receipt', async () => {
  const { sam, slack, database } = await withSofia({ commands: [slowCommand({ executeMs: 2_300 })] });
  await sam.say('support', '/lucy test slow');
  await sam.submit({ Reason: 'a test' });

  await sam.submit();
  await slack.waitFor(() => sam.modal()?.title === 'Done');

  expect(await database.knex('runs').where({ command: 'test slow', state: 'done' })).toHaveLength(1);
});

test('after a failure inside, the form is back with its content and the correlation id', async () => {
  let isBroken = true;
  const failing = slowCommand({ planError: () => (isBroken ? new Error('boom') : null) });
  const { sam, logs } = await withSofia({ commands: [failing] });
  await sam.say('support', '/lucy test slow');

  await sam.submit({ Note: 'keep me', Reason: 'a test' });
  const form = sam.modal();
  expect(form?.reads).toContain('Something went wrong inside Lucy; nothing was half done.');
  expect(form?.filled).toMatchObject({ 'input:note': 'keep me', 'input:reason': 'a test' });
  const id = /cor_\w+/.exec(form?.reads ?? '')?.[0];
  expect(logs.find((line) => line.correlationId === id)).toMatchObject({ level: 'error' });

  isBroken = false;
  await sam.submit();
  expect(sam.modal()?.title).toBe('Please check');
});

test('choices are a menu, prefilled with what was typed', async () => {
  const { sam } = await withSofia();
  await sam.say('support', '/lucy tier set sofia@firm.com Pro');
  expect(sam.modal()?.filled).toMatchObject({ 'input:tier': 'pro' });

  await sam.submit({ Tier: 'enterprise', Reason: 'a trial of it' });

  expect(sam.modal()?.reads).toContain('Tier  free → enterprise');
});

test('over-long values are told under their fields', async () => {
  const { sam } = await withSofia();
  await sam.say('support', '/lucy credits grant sofia@firm.com 100');

  await sam.submit({ Reason: 'x'.repeat(2_999) });

  expect(sam.modal()?.errors).toEqual({ 'input:reason': 'Keep it under 500 characters.' });
});

test('someone else’s draft is not theirs to submit', async () => {
  const { sam, slack, database } = await withSofia();
  await sam.say('support', '/lucy credits grant sofia@firm.com');
  await sam.fill({ Credits: '100', Reason: 'lost upload' });
  await sam.submit();
  const submission = slack.deliveries.findLast((one) => one.kind === 'view_submission');
  const payload = JSON.parse(new URLSearchParams(submission?.rawBody).get('payload') ?? '{}');
  const bea = slack.as('bea');
  const forged = {
    ...payload,
    trigger_id: '1.2.bea',
    user: { ...payload.user, id: bea.id },
  };

  const answer = await slack.signedRequest({ body: `payload=${encodeURIComponent(JSON.stringify(forged))}` });

  expect(answer.response?.body).toContain('Lucy does not know this form any more');
  expect(await database.knex('runs').where({ state: 'planned' })).toHaveLength(1);
});
