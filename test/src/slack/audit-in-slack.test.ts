import { expect, test } from 'vitest';
import { sealNext } from '#src/audit/seal.ts';
import { dropGuards } from '#test/world/audit-world.ts';
import { seen, slackWorld } from '#test/world/slack-world.ts';

async function withGrant() {
  const world = await slackWorld();
  await world.given('customer add sofia@firm.com');
  await world.given('credits grant sofia@firm.com 100 --ticket ZD-812');
  await sealNext(world);
  return { ...world, bea: world.slack.as('bea') };
}

test('what was typed for the audit is mended in a form, whose tick box gives the file', async () => {
  const { slack, bea } = await withGrant();
  await bea.say('lucy-billing', '/lucy audit search --from yesterday --ticket ZD-812 --csv');
  const told = await seen({ slack }, 'bea', 'lucy-billing', '“yesterday” is no moment.');

  await bea.click({ channel: 'lucy-billing', ts: told.ts }, 'Mend it in a form');
  await slack.waitFor(() => bea.modal() !== null);
  expect(bea.modal()?.view.blocks).toContainEqual(
    expect.objectContaining({
      block_id: 'input:csv',
      element: expect.objectContaining({
        type: 'checkboxes',
        initial_options: [expect.objectContaining({ value: 'true' })],
      }),
    }),
  );
  await bea.submit({ From: '7d' });

  await slack.waitFor(() => bea.dm().length > 0);
  expect(bea.modal()?.reads).toContain('1 audit row as CSV, newest first.');
  expect(bea.dm()).toMatchObject([{ files: [{ text: expect.stringContaining('"ZD-812"') }] }]);
});

test('the tick taken out again, the rows are shown and no file is sent', async () => {
  const { slack, bea } = await withGrant();
  await bea.say('lucy-billing', '/lucy audit search --from yesterday --ticket ZD-812 --csv');
  const told = await seen({ slack }, 'bea', 'lucy-billing', '“yesterday” is no moment.');
  await bea.click({ channel: 'lucy-billing', ts: told.ts }, 'Mend it in a form');
  await slack.waitFor(() => bea.modal() !== null);

  await bea.submit({ From: '7d', 'As a CSV file': [] });

  expect(bea.modal()?.reads).toContain('1 audit row matches, newest first.');
  expect(bea.modal()?.reads).toContain('sealed as 2');
  expect(bea.dm()).toEqual([]);
});

test('an audit that somebody rewrote is told as what it is', async () => {
  const { slack, bea, database } = await withGrant();
  await dropGuards(database);
  await database.knex('audit_events').where({ ticket: 'ZD-812' }).update({ actor_name: 'Gus' });

  await bea.say('lucy-billing', '/lucy audit verify');

  const told = await seen({ slack }, 'bea', 'lucy-billing', 'behind Lucy’s back');
  expect(told.reads).toContain('its seal 2 do not fit');
  expect(told.isEphemeral).toBe(true);
});
