import { expect, test } from 'vitest';
import { seen, slackWorld } from '#test/world/slack-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

async function withIncident() {
  const world = await slackWorld();
  await world.given('incident declare "checkout is down" --severity sev1');
  const notes = () => world.database.knex('incident_entries').where({ kind: 'note' }).select('text');
  return { ...world, notes };
}

test('a typed note is written at once, by name and audited, however often Slack delivers it', async () => {
  const { slack, database, notes } = await withIncident();
  const olu = slack.as('olu');

  const ack = await olu.say('incidents', '/lucy incident note Stripe answers again');

  const told = await seen({ slack }, 'olu', 'incidents', 'Noted in INC-1');
  expect(told).toMatchObject({ isEphemeral: true });
  expect(told.reads).not.toContain('[Add the note]');
  await slack.replay(ack.deliveryId ?? '');
  await slack.settled();
  expect(await notes()).toEqual([{ text: 'Stripe answers again' }]);
  expect(await database.knex('audit_events').where({ command: 'incident note' })).toMatchObject([
    { outcome: 'done', actor_name: 'Olu', reason: 'Stripe answers again' },
  ]);
});

test('written in its form, it is noted when the form is sent; whoever is not on call is refused', async () => {
  const { slack, notes } = await withIncident();
  const olu = slack.as('olu');
  await olu.say('incidents', '/lucy incident note');
  await slack.waitFor(() => olu.modal());
  await olu.submit({ Note: 'The queue is empty' });
  await slack.waitFor(() => olu.modal()?.reads.includes('Noted in INC-1'));

  await slack.as('sam').say('incidents', '/lucy incident note I saw it too');
  await seen({ slack }, 'sam', 'incidents', 'needs the role');

  expect(await notes()).toEqual([{ text: 'The queue is empty' }]);
});

test('at the terminal a person is not asked whether they mean it; a script still says --yes', async () => {
  const { lucy, lucyWithPerson } = await terminalWorld();
  await lucy('incident declare "checkout is down" --severity sev1 --yes', staff('oncall'));

  const typed = await lucyWithPerson('incident note restarted', []);
  const script = await lucy('incident note restarted', staff('oncall'));

  expect(typed.out).toContain('Noted in INC-1');
  expect(script.code).toBe(2);
});
