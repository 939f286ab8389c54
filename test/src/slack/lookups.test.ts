import { expect, test } from 'vitest';
import { type SlackWorld, seen, slackWorld } from '#test/world/slack-world.ts';
import { slowLookup } from '#test/world/test-commands.ts';

const show = '/lucy customer show sofia@firm.com';

async function withSofia(options: Parameters<typeof slackWorld>[0] = {}): Promise<SlackWorld> {
  const world = await slackWorld(options);
  await world.given('customer add sofia@firm.com');
  return world;
}

test('a lookup is private until it is shared, and then says who shared it', async () => {
  const { slack } = await withSofia();
  const sam = slack.as('sam');
  const bea = slack.as('bea');

  await sam.say('support', show);
  const looked = sam.lastMessage('support');
  expect(looked.isEphemeral).toBe(true);
  expect(looked.reads).toContain('sofia@firm.com is on free with 0 credits.');
  expect(bea.messages('support')).toEqual([]);

  await sam.click({ channel: 'support', ts: looked.ts }, 'Share to channel');
  const shared = await seen({ slack }, 'bea', 'support', 'is on free');
  expect(shared.isEphemeral).toBe(false);
  expect(shared.reads).toContain('Shared by Sam · /lucy customer show sofia@firm.com');
  expect(shared.reads).not.toContain('Share to channel');
});

test('a lookup is shared where Lucy was never invited, because the answer goes through Slack’s own address', async () => {
  const { slack } = await withSofia();
  const sam = slack.as('sam');
  await sam.say('general', show);

  await sam.click({ channel: 'general', ts: sam.lastMessage('general').ts }, 'Share to channel');

  await seen({ slack }, 'bea', 'general', 'Shared by Sam');
});

test('when neither way works, sharing is refused politely', async () => {
  const { slack } = await withSofia();
  const sam = slack.as('sam');
  await sam.say('general', show);
  slack.faults.add({ method: 'response_url', kind: 'http_500', times: 1 });

  await sam.click({ channel: 'general', ts: sam.lastMessage('general').ts }, 'Share to channel');
  await seen({ slack }, 'sam', 'general', 'nothing was shared');
  expect(slack.as('bea').messages('general')).toEqual([]);
});

test('a button of a shared message runs for whoever presses it, with their own roles', async () => {
  const { slack } = await withSofia();
  const sam = slack.as('sam');
  const olu = slack.as('olu');
  await sam.say('support', show);
  await sam.click({ channel: 'support', ts: sam.lastMessage('support').ts }, 'Share to channel');
  const shared = await seen({ slack }, 'olu', 'support', 'Shared by Sam');

  await olu.click({ channel: 'support', ts: shared.ts }, 'Grant credits');
  await sam.click({ channel: 'support', ts: shared.ts }, 'Grant credits');
  await seen({ slack }, 'olu', 'support', 'needs the role support or billing, and you have oncall');
  expect(olu.modal()).toBeNull();
  await slack.waitFor(() => sam.modal());
  expect(sam.modal()?.filled).toMatchObject({ 'input:email': 'sofia@firm.com' });
});

test('an answer that is not ready in time is announced, and follows', async () => {
  const { slack } = await withSofia({ commands: [slowLookup(2_300)] });
  const sam = slack.as('sam');

  await sam.say('support', '/lucy test look');
  expect(sam.lastMessage('support').reads).toContain('Working on `/lucy test look` …');

  await slack.waitFor(() => sam.lastMessage('support').reads.includes('Here it is at last.'));
});

test('a lookup without its argument asks in a form, and the answer comes in its place', async () => {
  const { slack } = await withSofia();
  const sam = slack.as('sam');
  await sam.say('support', '/lucy customer show');
  expect(sam.modal()?.view.submit).toMatchObject({ text: 'Look up' });

  await sam.submit({ Customer: 'sofia@firm.com' });

  expect(sam.modal()?.reads).toContain('sofia@firm.com is on free with 0 credits.');
});

test.each(['Customer show', 'Help'])(
  'a member without a role sees at “%s” what that allows',
  async (label) => {
    const { slack } = await withSofia();
    slack.addPerson({ handle: 'new', channels: ['support'] });
    const newcomer = slack.as('new');

    await newcomer.say('support', label === 'Help' ? '/lucy help' : show);

    expect(newcomer.lastMessage('support').reads).toContain(
      label === 'Help' ? 'You can run 2 commands.' : 'you have no role yet',
    );
  },
);

test('--help shows how it is typed, with examples', async () => {
  const { slack } = await withSofia();
  const sam = slack.as('sam');

  await sam.say('support', '/lucy credits grant --help');

  expect(sam.lastMessage('support').reads).toContain('credits grant EMAIL COUNT --reason …');
});
