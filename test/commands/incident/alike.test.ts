import { expect, test } from 'vitest';
import { roomsWorld } from '#test/world/rooms-world.ts';
import { seen } from '#test/world/slack-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const olu = staff('oncall');
const MINUTE_MS = 60_000;

test('what is open or of the last hour is shown first, the most alike on top', async () => {
  const { lucy, clock } = await terminalWorld();
  await lucy('incident declare "payments fail in checkout" --yes', olu);
  await lucy('incident resolve INC-1 --reason "rolled back" --yes', olu);
  await lucy('incident declare "mails are late" --yes', olu);
  clock.advance(20 * MINUTE_MS);

  const preview = await lucy('incident declare "checkout is slow" --dry-run', olu);
  const [first, second] = preview.out.split('\n').filter((line) => /INC-\d/.test(line));
  expect(first).toContain('INC-1 was resolved 20 minutes ago: payments fail in checkout.');
  expect(first).toContain('If it came back, reopen it instead.');
  expect(second).toContain('INC-2 is open already: mails are late.');

  clock.advance(50 * MINUTE_MS);
  const later = await lucy('incident declare "checkout is slow" --dry-run', olu);
  expect(later.out).not.toContain('INC-1');
});

test('in Slack the preview and the form offer to note it there, or to reopen, with what was typed', async () => {
  const world = await roomsWorld();
  await world.does('olu', 'incident declare "checkout is down"');
  const person = world.slack.as('olu');
  await person.say('lucy-oncall', '/lucy incident declare "checkout hangs"');
  await world.slack.settled();
  await person.click(person.lastMessage('lucy-oncall'), 'Add a note to INC-1 instead');
  await seen(world, 'olu', 'lucy-oncall', 'Noted in INC-1');
  const entries = await world.database.knex('incident_entries').where({ kind: 'note' });
  expect(entries).toMatchObject([{ text: 'checkout hangs' }]);
  expect(await world.database.knex('incidents')).toHaveLength(1);

  await world.does('olu', 'incident resolve --reason "rolled back"');
  await person.say('lucy-oncall', '/lucy incident declare');
  await world.slack.waitFor(() => person.modal());
  expect(person.modal()?.reads).toContain('INC-1 was resolved');
  await person.click('modal', 'Reopen INC-1 instead');
  await world.slack.waitFor(() => (person.modal()?.title === 'Incident reopen' ? true : null));
  expect(person.modal()?.filled['input:incident']).toBe('INC-1');
});

test('nobody leads until somebody does, and whoever is unknown is not made to', async () => {
  const { lucy, database } = await terminalWorld();
  await lucy('incident declare "checkout is down" --commander nobody --yes', olu);
  expect(await database.knex('incidents').first()).toMatchObject({ commander: null });
  await lucy('incident change --commander me --yes', olu);
  expect(await database.knex('incidents').first()).toMatchObject({ commander: 'terminal:oncall' });
  await lucy('incident change --commander nobody --yes', olu);
  expect(await database.knex('incidents').first()).toMatchObject({ commander: null, commander_name: null });
  const typed = await lucy('incident declare "x is down" --commander zoe --yes', olu);
  expect(typed.code).not.toBe(0);
  expect(typed.err).toContain('Lucy knows nobody called “zoe”.');
});

test('a link is noted once, under each of its addresses, and must be one', async () => {
  const { lucy, database } = await terminalWorld();
  await lucy('incident declare "checkout is down" --yes', olu);
  const link = 'https://acme.slack.com/archives/C012AB3CD/p1700000000123456';
  const noted = await lucy(`incident note "Sam: it hangs" --link ${link} --yes`, olu);
  const again = await lucy(`incident note "once more" --link ${link}?thread_ts=1700000000.000100 --yes`, olu);
  const wrong = await lucy('incident note "once more" --link nowhere --yes', olu);

  expect(noted.code, noted.err).toBe(0);
  expect(again.err).toContain('stands in the timeline of INC-1 already');
  expect(wrong.err).toContain('“nowhere” is not a link.');
  expect(await database.knex('incident_entries').where({ kind: 'note' })).toHaveLength(1);
});
