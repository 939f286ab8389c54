import { expect, onTestFinished, test } from 'vitest';
import { actions, button } from './block-samples.ts';
import { refusalOf, startBoth } from './bolt-side.ts';

async function open(options: Parameters<typeof startBoth>[0] = {}) {
  const both = await startBoth(options);
  onTestFinished(() => both.close());
  const { client } = both.app;
  return {
    ...both,
    client,
    post: async (text: string, more: Record<string, unknown> = {}) => {
      const posted = await client.chat.postMessage({ channel: 'C0APPROVE1', text, ...more });
      return posted.ts ?? '';
    },
    edit: (ts: string, text: string, more: Record<string, unknown> = {}) =>
      client.chat.update({ channel: 'C0APPROVE1', ts, text, ...more }),
  };
}

const calls = {
  type: 'rich_text' as const,
  elements: [
    {
      type: 'rich_text_section' as const,
      elements: [
        { type: 'usergroup' as const, usergroup_id: 'S0BILLING1' },
        { type: 'text' as const, text: ' and ' },
        { type: 'user' as const, user_id: 'U0OLU00001' },
      ],
    },
  ],
};

test('a card with buttons keeps its place, its thread and its answers while it is edited', async () => {
  const { slack, post, edit } = await open();
  const card = await post('Refund €49.00?', { blocks: [actions(button())] });
  const later = await post('Something else');
  await post('Sam: charged twice', { thread_ts: card });

  const answer = await edit(card, 'Approved by Bea', { blocks: [actions(button())] });

  expect(answer).toMatchObject({ ts: card, message: { edited: { user: 'U0LUCYBOT1' } } });
  const seen = slack.as('bea').messages('lucy-approvals');
  expect(seen.map((message) => message.ts).slice(0, 2)).toEqual([card, later]);
  expect(seen[0]).toMatchObject({ text: 'Approved by Bea', replyCount: 1, reads: '[Go]' });
  // Slack never marks a bot's message as edited.
  expect(seen[0]).not.toHaveProperty('editedAt');
  expect(seen[2]).toMatchObject({ threadTs: card });
});

test('a reply to a message that is gone stands in the channel itself, and its answer tells', async () => {
  const { slack, client, post } = await open();
  const card = await post('a card');
  const reply = await post('in its thread', { thread_ts: card });
  const below = await client.chat.postMessage({ channel: 'C0APPROVE1', text: 'below', thread_ts: reply });
  expect(below.message).toMatchObject({ thread_ts: card });
  await client.chat.delete({ channel: 'C0APPROVE1', ts: card });

  const orphan = await client.chat.postMessage({ channel: 'C0APPROVE1', text: 'late', thread_ts: card });

  expect(orphan.message).not.toHaveProperty('thread_ts');
  expect(slack.as('bea').lastMessage('lucy-approvals')).toMatchObject({ text: 'late', replyCount: 0 });
  expect(slack.as('bea').lastMessage('lucy-approvals').threadTs).toBeUndefined();
});

test('what Slack refuses of an edit', async () => {
  let now = Date.now();
  const { slack, client, post, edit } = await open({ now: () => now });
  const card = await post('a card');
  slack.setEditWindow(60_000);
  await edit(card, 'in time');
  now += 60_001;
  expect(await refusalOf(edit(card, 'too late'))).toMatchObject({ error: 'edit_window_closed' });
  slack.setEditWindow(null);
  await edit(card, 'again');
  slack.archiveChannel('lucy-approvals');
  expect(await refusalOf(edit(card, 'archived'))).toMatchObject({ error: 'is_inactive' });
  expect(slack.as('bea').lastMessage('lucy-approvals').text).toBe('again');
  const bea = 'U0BEA00001';
  expect(await refusalOf(client.chat.update({ channel: bea, ts: card, text: 'x' }))).toMatchObject({
    error: 'channel_not_found',
  });
});

test('edits have a pace per channel and one for the whole workspace', async () => {
  let now = Date.now();
  const { client, post } = await open({ enforceRateLimit: true, now: () => now });
  const card = await post('a card');
  const { ts: other = '' } = await client.chat.postMessage({ channel: 'C0BILLING1', text: 'another' });
  const edit = (channel: string, ts: string) => client.chat.update({ channel, ts, text: 'edited' });

  for (let count = 0; count < 5; count += 1) await edit('C0APPROVE1', card);
  await expect(edit('C0APPROVE1', card)).rejects.toMatchObject({ retryAfter: 1 });
  await edit('C0BILLING1', other);
  for (let count = 0; count < 400; count += 1) {
    now += 510;
    const [channel, ts] = count % 2 ? ['C0APPROVE1', card] : ['C0BILLING1', other];
    const refused = await edit(channel ?? '', ts ?? '').catch((error: unknown) => error);
    if (refused instanceof Error) {
      expect(refused).toMatchObject({ retryAfter: 1 });
      expect(count).toBeGreaterThan(50);
      return;
    }
  }
  throw new Error('Two edits a second went on for ever.');
});

test('a mention notifies whom it names when it is posted, and nobody when it is edited in', async () => {
  const { slack, post, edit } = await open();
  const card = await post('a card');
  await edit(card, '<!subteam^S0BILLING1> now', { blocks: [calls] });
  expect(slack.messages('lucy-approvals')[0]).toMatchObject({ reads: '@Billing and @Olu', notified: [] });

  await post('<!subteam^S0BILLING1> <@U0OLU00001> a reminder', { blocks: [calls], thread_ts: card });
  await post('plain: <@U0OLU00001|olu>');
  await post('<!channel> all of you');
  await post('text &lt;@U0OLU00001&gt;');

  const notified = slack.messages('lucy-approvals').map((message) => message.notified);
  expect(notified.slice(1)).toEqual([
    ['U0BEA00001', 'U0BO000001', 'U0OLU00001'],
    ['U0OLU00001'],
    ['U0SAM00001', 'U0BEA00001', 'U0BO000001', 'U0OLU00001', 'U0ADA00001'],
    [],
  ]);
  const mine = await fetch(`${slack.url}/client/snapshot?as=U0BEA00001`).then((answer) => answer.json());
  expect(mine.groups).toContainEqual({ id: 'S0BILLING1', handle: 'billing', name: 'Billing', isMine: true });
  const isForBea = mine.messages.map((message: { isForMe: boolean }) => message.isForMe);
  expect(isForBea).toEqual([false, true, false, true, false]);
});

test('in a direct message everything is for its reader', async () => {
  const { slack, client } = await open();
  await client.chat.postMessage({ channel: 'U0SAM00001', text: 'decided' });
  expect(slack.as('sam').dm()).toMatchObject([{ notified: ['U0SAM00001'] }]);
});
