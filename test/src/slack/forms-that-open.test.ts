import { expect, test } from 'vitest';
import { answered } from '#test/world/answered.ts';
import { roomsWorld } from '#test/world/rooms-world.ts';
import { seen } from '#test/world/slack-world.ts';

test('the buttons of an incident open forms, and a postmortem’s form holds what is written already', async () => {
  const world = await roomsWorld();
  const olu = world.slack.as('olu');
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();

  const card = olu.messages('incidents').find(({ reads }) => reads.includes('Set the severity'));
  await olu.click(card ?? olu.lastMessage('incidents'), 'Set the severity');
  const form = await world.slack.waitFor(() => olu.modal());
  expect(form.filled['input:incident']).toBe('INC-1');
  await answered(world, () => olu.submit({ Severity: 'sev2' }));
  await answered(world, () => olu.submit());
  expect(await world.database.knex('incidents').first()).toMatchObject({ severity: 'sev2' });
  await olu.closeModal();

  // What could not be sent anyhow is said before anybody writes.
  await olu.say('lucy-oncall', '/lucy postmortem write');
  await seen(world, 'olu', 'lucy-oncall', 'INC-1 is not resolved yet');

  await world.does('olu', 'incident resolve --reason "rolled back"');
  await world.does('olu', 'postmortem write --summary "Payments failed." --cause "A missing index."');
  await olu.say('lucy-oncall', '/lucy postmortem write');
  const again = await world.slack.waitFor(() => olu.modal());
  expect(again.filled).toMatchObject({
    'input:incident': 'INC-1',
    'input:summary': 'Payments failed.',
    'input:cause': 'A missing index.',
  });
});

test('a question in the room of an incident shows the incident', async () => {
  const world = await roomsWorld();
  const olu = world.slack.as('olu');
  await world.does('olu', 'incident declare "checkout is down"');
  await world.work();

  await olu.say('inc-1-checkout-is-down', '@lucy what is going on?');
  await seen(world, 'olu', 'inc-1-checkout-is-down', 'INC-1, investigating: checkout is down');
  await olu.say('lucy-oncall', '@lucy what is going on?');
  await seen(world, 'olu', 'lucy-oncall', 'Lucy does not know “what is”.');
});
