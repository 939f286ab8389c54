import { expect, test } from 'vitest';
import { incidentCard } from '#src/incidents/card.ts';
import { sampleSettings } from '#src/sample-settings.ts';
import { recoveryWorld } from '#test/world/recovery-world.ts';
import { staff, terminalWorld } from '#test/world/terminal-world.ts';

const olu = staff('oncall');

test('one line declares it: the title is the reason, the card says who leads, and the timeline begins', async () => {
  const { lucy, database } = await terminalWorld();

  const typed = await lucy('incident declare checkout is down --severity sev1 --yes', olu);

  expect(typed.code, typed.err).toBe(0);
  expect(typed.out).toContain('INC-1 is open: checkout is down');
  const shown = await lucy('incident status', olu);
  expect(shown.out).toContain('INC-1, investigating: checkout is down');
  expect(shown.out).toContain('SEV1: customers cannot use or buy it');
  expect(shown.out).toContain('declared “checkout is down”');
  const [row] = await database.knex('audit_events').where({ command: 'incident declare' });
  expect(row).toMatchObject({ outcome: 'done', reason: 'checkout is down' });
  const [card] = await database.knex('cards');
  expect(card).toMatchObject({ key: expect.stringMatching(/^incident:inc_/), target: 'incidents' });
});

test('what staff do meanwhile stands in the timeline by itself, with the reason and the ticket', async () => {
  const { lucy, database } = await terminalWorld();
  await lucy('customer add sofia@firm.com --reason "new" --yes');
  await lucy('incident declare "credits are late" --yes', olu);

  await lucy('credits grant sofia@firm.com 20 --reason "waited an hour" --ticket ZD-9 --yes');
  await lucy('incident note "the queue is empty again" --yes', olu);
  const shown = await lucy('incident status --json', olu);

  expect(shown.json<{ timeline: { kind: string; text: string }[] }>().timeline).toMatchObject([
    { kind: 'declared' },
    { kind: 'command', text: '20 credits granted to sofia@firm.com (“waited an hour”, ZD-9)' },
    { kind: 'note', text: 'the queue is empty again' },
  ]);
  const [row] = await database.knex('incidents');
  const card = await incidentCard(database.knex, sampleSettings, row.id);
  expect(card?.version).toBe(3);
  expect(card?.reply.sections?.[0]?.lines).toHaveLength(3);
});

test('a batch of lost webhooks that is replayed is in the notes of the open incident', async () => {
  const { lucy, stripe, work, clock } = await recoveryWorld();
  stripe.loseWebhooks(true);
  stripe.world.subscribe('cus_sofia', 'starter_monthly');
  await stripe.idle();
  clock.advance(10 * 60_000);
  stripe.loseWebhooks(false);
  await lucy('incident declare "webhooks are lost" --yes', olu);

  const done = await lucy('webhook replay --failed --reason "they are back" --yes');
  await work();

  expect(done.code, done.err).toBe(0);
  const { out } = await lucy('incident status', olu);
  expect(out).toMatch(/\d+ Stripe events are being handled again \(“they are back”\)/);
});

test('it is resolved with what ended it, and reopened with what came back; after that nothing flows in', async () => {
  const { lucy, database } = await terminalWorld();
  await lucy('customer add sofia@firm.com --reason "new" --yes');
  await lucy('incident declare "checkout is down" --yes', olu);

  const resolved = await lucy('incident resolve --reason "rolled back" --yes', olu);
  await lucy('credits grant sofia@firm.com 5 --reason "goodwill" --yes');
  const again = await lucy('incident resolve INC-1 --reason "rolled back" --yes', olu);

  expect(resolved.out).toContain('INC-1 is resolved');
  expect(again.code).toBe(1);
  expect(again.err).toContain('INC-1 is resolved already');
  expect(await database.knex('incident_entries').where({ kind: 'command' })).toEqual([]);
  const reopened = await lucy('incident reopen INC-1 --reason "half of the payments fail" --yes', olu);
  expect(reopened.out).toContain('INC-1 is open again');
  expect((await lucy('incident list', olu)).out).toContain('1 incident is open.');
});

test('two at once are never mixed up: a note asks which is meant, and the second declaration warns of the first', async () => {
  const { lucy } = await terminalWorld();
  await lucy('incident declare "checkout is down" --yes', olu);

  const preview = await lucy('incident declare "payments fail" --dry-run', olu);
  await lucy('incident declare "payments fail" --yes', olu);
  const unclear = await lucy('incident note "restarted" --yes', olu);
  const unknown = await lucy('incident note "restarted" --incident INC-9 --yes', olu);

  expect(preview.out).toContain('INC-1 is open already: checkout is down.');
  expect(unclear).toMatchObject({ code: 2, err: expect.stringContaining('INC-1 and INC-2 are open.') });
  expect(unknown.code).toBe(5);
});

test('a timeline is never rewritten', async () => {
  const { lucy, database } = await terminalWorld();
  await lucy('incident declare "checkout is down" --yes', olu);

  await expect(database.knex('incident_entries').update({ text: 'nothing happened' })).rejects.toThrow(
    /append-only/,
  );
  await expect(database.knex('incident_entries').delete()).rejects.toThrow(/append-only/);
});

test('without a title nothing is declared, and a script says what it lacks', async () => {
  const { lucy, database } = await terminalWorld();

  const typed = await lucy('incident declare --yes', olu);

  expect(typed.code).toBe(2);
  expect(typed.err).toContain('Say in a few words what is wrong');
  expect(await database.knex('incidents')).toEqual([]);
});

test('a reason that is given besides is held to what a reason is', async () => {
  const { lucy, database } = await terminalWorld();
  const long = await lucy(`incident declare "x is down" --reason ${'a'.repeat(600)} --yes`, olu);
  const empty = await lucy('incident declare "x is down" --reason . --yes', olu);
  expect(long.err).toContain('Keep it under 500 characters.');
  expect(empty.err).toContain('Say why in words');
  expect(await database.knex('incidents')).toEqual([]);
});

test('severity and commander can come later, once anybody knows; the card asks for the severity until it is set', async () => {
  const { lucy, database } = await terminalWorld();
  await lucy('incident declare "checkout is down" --yes', olu);
  const card = async () => {
    const [row] = await database.knex('incidents');
    return JSON.stringify((await incidentCard(database.knex, sampleSettings, row.id))?.reply);
  };
  expect(await card()).toContain('Set the severity');
  expect(await card()).toContain('Update customers');
  expect(await card()).toContain('Heard nothing yet');

  const changed = await lucy('incident change INC-1 --severity sev2 --yes', olu);
  const nothing = await lucy('incident change INC-1 --severity sev2 --yes', olu);

  expect(changed.out).toContain('not set → SEV2: a part is broken');
  expect(nothing.err).toContain('That changes nothing.');
  expect(await card()).not.toContain('Set the severity');
  expect((await lucy('incident status', olu)).out).toContain('changed severity not set → SEV2');
});
