import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;
const seen = {
  submissions: [] as Record<string, unknown>[],
  closed: [] as Record<string, unknown>[],
};

const plain = (text: string) => ({ type: 'plain_text' as const, text });

const grantModal = (more: Record<string, unknown> = {}) => ({
  type: 'modal' as const,
  callback_id: 'grant',
  notify_on_close: true,
  private_metadata: 'run_1',
  title: plain('Grant credits'),
  submit: plain('Preview'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'email',
      label: plain('E-mail'),
      element: { type: 'email_text_input' as const, action_id: 'v', initial_value: 'sofia@firm.com' },
    },
    {
      type: 'input' as const,
      block_id: 'count',
      label: plain('Credits'),
      element: { type: 'number_input' as const, action_id: 'v', is_decimal_allowed: false, min_value: '1' },
    },
    {
      type: 'input' as const,
      block_id: 'reason',
      optional: true,
      dispatch_action: true,
      label: plain('Reason'),
      element: {
        type: 'static_select' as const,
        action_id: 'reason',
        options: ['outage', 'goodwill'].map((value) => ({ value, text: plain(value) })),
      },
    },
  ],
  ...more,
});

beforeAll(async () => {
  both = await startBoth();
  const { app } = both;
  app.command('/lucy', async ({ ack, client, body, command }) => {
    await ack();
    if (command.text === 'grant')
      await client.views.open({ trigger_id: body.trigger_id, view: grantModal() });
  });
  app.action('reason', async ({ ack, body, client }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.view) return;
    const view = grantModal({ title: plain('Grant credits (2)') });
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view });
  });
  app.view('grant', async ({ ack, view, body }) => {
    seen.submissions.push(JSON.parse(JSON.stringify(body)));
    const count = view.state.values.count?.v?.value;
    if (count === '13') return ack({ response_action: 'errors', errors: { count: 'Not thirteen.' } });
    if (count === '14') return ack({ response_action: 'errors', errors: { nowhere: 'x' } });
    if (count === '15') return ack({ response_action: 'push', view: grantModal({ title: plain('Sure?') }) });
    if (count === '16') {
      return ack({
        response_action: 'update',
        view: {
          type: 'modal',
          title: plain('Done'),
          blocks: [{ type: 'section', text: plain('All done') }],
        },
      });
    }
    if (count === '17') return ack({ response_action: 'clear' });
    await ack();
  });
  app.view({ callback_id: 'grant', type: 'view_closed' }, async ({ ack, body }) => {
    seen.closed.push(JSON.parse(JSON.stringify(body)));
    await ack();
  });
});

afterAll(() => both.close());

async function openGrant() {
  const sam = both.slack.as('sam');
  await sam.say('support', '/lucy grant');
  await both.slack.waitFor(() => sam.modal());
  return sam;
}

test('a modal opens, the client looks at the inputs first, then Lucy does', async () => {
  const sam = await openGrant();
  const count = both.slack.deliveries.length;
  expect(await sam.submit()).toMatchObject({ failure: 'incomplete', deliveryId: null });
  expect(sam.modal()?.errors).toEqual({ count: 'Please complete this required field.' });
  expect((await sam.submit({ Credits: '0' })).failure).toBe('incomplete');
  expect((await sam.submit({ Credits: '1.5' })).failure).toBe('incomplete');
  expect(both.slack.deliveries).toHaveLength(count);
  expect((await sam.submit({ Credits: 13 })).failure).toBeNull();
  expect(sam.modal()?.errors).toEqual({ count: 'Not thirteen.' });
  expect(sam.modal()?.filled).toMatchObject({ email: 'sofia@firm.com', count: '13', reason: '' });
  expect((await sam.submit({ count: 14 })).failure).toBe('invalid_response');
  expect((await sam.submit({ count: 20 })).failure).toBeNull();
  expect(sam.modal()).toBeNull();
  expect(seen.submissions.at(-1)).toMatchObject({
    type: 'view_submission',
    view: {
      callback_id: 'grant',
      private_metadata: 'run_1',
      state: {
        values: {
          email: { v: { type: 'email_text_input', value: 'sofia@firm.com' } },
          count: { v: { type: 'number_input', value: '20' } },
          reason: { reason: { type: 'static_select', selected_option: null } },
        },
      },
    },
  });
});

test('push, back by closing, update, clear', async () => {
  const sam = await openGrant();
  await sam.submit({ count: 15 });
  expect(sam.modal()).toMatchObject({ title: 'Sure?', depth: 2 });
  await sam.closeModal();
  expect(sam.modal()).toMatchObject({ title: 'Grant credits', depth: 1 });
  expect(seen.closed.at(-1)).toMatchObject({
    type: 'view_closed',
    is_cleared: false,
    view: { callback_id: 'grant' },
  });
  await sam.submit({ count: 16 });
  expect(sam.modal()).toMatchObject({ title: 'Done', reads: 'All done' });
  await sam.closeModal();
  expect(sam.modal()).toBeNull();
  await openGrant();
  await sam.submit({ count: 15 });
  await sam.submit({ count: 17 });
  expect(sam.modal()).toBeNull();
});

test('a dispatching input tells Lucy, whose update keeps what was typed', async () => {
  const sam = await openGrant();
  sam.fill({ Credits: '7' });
  // The other inputs do not dispatch.
  expect((await sam.select('modal', 'Credits', '7')).deliveryId).toBeNull();
  await sam.select('modal', 'Reason', 'goodwill');
  await both.slack.waitFor(() => sam.modal()?.title === 'Grant credits (2)');
  expect(sam.modal()?.filled).toMatchObject({ count: '7', reason: 'goodwill' });
  await sam.closeModal();
});
