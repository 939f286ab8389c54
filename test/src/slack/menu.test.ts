import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { seen } from '#test/world/slack-world.ts';

test('the menu says first what each usually does, in words, then all that they may do by what it is about', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  const olu = world.slack.as('olu');

  await sam.say('support', '/lucy');
  await olu.say('support', '/lucy');

  const menu = sam.lastMessage('support');
  expect(menu.reads).toContain('[Show customer] [Diagnose customer] [Grant credits] [Show payment]');
  expect(menu.reads).not.toContain('[Dispute');
  expect(olu.lastMessage('support').reads).toContain('[Show status] [Declare incident]');
  expect(olu.lastMessage('support').reads).not.toContain('[Grant');

  await sam.click({ channel: 'support', ts: menu.ts }, 'Tier (2)');
  const tier = await seen(world, 'sam', 'support', 'This is what Lucy does with “tier”.');
  expect(tier.reads).toContain('[Reset tier] [Set tier]');
  await sam.click({ channel: 'support', ts: tier.ts }, 'Set tier');
  await world.slack.waitFor(() => sam.modal()?.title === 'Tier set');
});

test('help in Slack hides nothing: every command that may be run is named, with a button to more of it', async () => {
  const world = await slackWorldWithSofia();
  const ada = world.slack.as('ada');
  const sam = world.slack.as('sam');

  await ada.say('support', '/lucy help');
  const help = ada.lastMessage('support');
  for (const { name } of commands) {
    const [noun = '', verb] = name.split(' ');
    const line = help.reads
      .split('\n')
      .find((candidate) => candidate.startsWith(`${verb ? noun : 'lucy'}  `));
    expect(line?.split(/ {2}|, /), name).toContain(verb ?? noun);
    expect(help.reads).toContain(`[${verb ? noun.charAt(0).toUpperCase() + noun.slice(1) : 'Lucy'}]`);
  }
  expect(help.reads).not.toContain('… ');

  await sam.say('support', '/lucy help dispute');
  const dispute = sam.lastMessage('support');
  expect(dispute.reads).toContain('(for billing and admin)');
  expect(dispute.reads).not.toContain('[Contest dispute]');
});

test('whoami in Slack names all that one may run', async () => {
  const world = await slackWorldWithSofia();
  const ada = world.slack.as('ada');

  await ada.say('support', '/lucy whoami');

  expect(ada.lastMessage('support').reads).toContain('webhook  failed, health, replay, resend, show');
  expect(ada.lastMessage('support').reads).not.toContain('more line');
});
