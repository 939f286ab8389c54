import { expect, test } from 'vitest';
import { carryBatches } from '#src/batches/carry-batch.ts';
import { batchDepsOf } from '#test/world/batch-deps.ts';
import { slackWorldWithSofia } from '#test/world/slack-grant.ts';
import { type SlackWorld, seen, slackWorld } from '#test/world/slack-world.ts';

const credits = (count: number) => `email,credits\nsofia@firm.com,${count}\n`;
const why = '--reason "outage in May" --ticket ZD-900';

async function carried(world: SlackWorld): Promise<void> {
  while ((await carryBatches(batchDepsOf(world.runner))) > 0);
  await world.pumpAll();
}

async function balance({ database }: SlackWorld): Promise<number> {
  return (await database.knex('credit_accounts').first('balance'))?.balance ?? 0;
}

function uploaded(world: SlackWorld, content: string | Uint8Array, name = 'may.csv'): string {
  return world.slack.as('sam').upload('support', { name, content });
}

/** The answer that only Sam sees in #support. */
async function answered(world: SlackWorld, line: string, text: string) {
  await world.slack.as('sam').say('support', line);
  return seen(world, 'sam', 'support', text);
}

test('Sam chooses a file in the form, sees what it would do, confirms, and reads what became of it', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy credits import');
  expect(sam.modal()?.reads).toContain('CSV file');

  const file = sam.chooseFile({ name: 'may.csv', content: credits(100) });
  await sam.submit({ 'CSV file': file, Reason: 'outage in May', Ticket: 'ZD-900' });

  await world.slack.waitFor(() => sam.modal()?.reads.includes('Import 100 credits'));
  expect(sam.modal()?.reads).toContain('sofia@firm.com  0 credits → 100 credits');
  expect(await balance(world)).toBe(0);
  await sam.submit();
  await world.slack.waitFor(() => sam.modal()?.reads.includes('has begun'));
  await carried(world);
  expect(await balance(world)).toBe(100);
  const card = world.slack.messages('lucy-entitlements').at(-1);
  expect(card?.reads).toContain('Sam’s credits import: 1 of 1 line of may.csv imported.');
  expect(sam.dm().at(-1)?.reads).toContain('1 of 1 line of may.csv imported.');
});

test('the form says which columns there are, and a wrong one is told with what to do', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy help credits import');
  expect(sam.lastMessage('support').reads).toContain('columns: email and credits; and, where wanted, reason');
  await sam.say('support', '/lucy credits import');
  expect(sam.modal()?.reads).toContain(
    'columns: email and credits; and, where wanted, reason, ticket and expires',
  );

  const file = sam.chooseFile({ name: 'may.csv', content: 'email,credits,note\nsofia@firm.com,1,hi\n' });
  await sam.submit({ 'CSV file': file, Reason: 'outage in May' });

  await world.slack.waitFor(() => Object.keys(sam.modal()?.errors ?? {}).length > 0);
  expect(sam.modal()?.errors).toEqual({
    'input:file':
      'There is no column “note”. The first line names the columns: email, credits, reason, ticket and expires. Leave out what is none of them.',
  });
});

test('more than Sam may give waits for Bea, once for all of it', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  const id = uploaded(world, credits(900));
  const preview = await answered(world, `/lucy credits import ${id} ${why}`, 'Import 900 credits');
  expect(preview.reads).toContain('needs one approval by billing');
  await sam.click({ channel: 'support', ts: preview.ts }, 'Ask for approval');
  await seen(world, 'sam', 'support', 'Asked in #lucy-approvals');
  await world.pumpAll();
  world.clock.advance(5_000);
  const card = world.slack.messages('lucy-approvals')[0];
  expect(card?.reads).toContain('Sam asks: Import 900 credits for 1 customer from may.csv?');
  const bea = world.slack.as('bea');
  await bea.click({ channel: 'lucy-approvals', ts: card?.ts ?? '' }, 'Every line');
  await world.slack.waitFor(() => bea.dm().some((message) => message.files?.length));
  expect(bea.dm().at(-1)?.files?.[0]).toMatchObject({
    text: expect.stringContaining('2,"sofia@firm.com","900"'),
  });

  await world.slack
    .as('bea')
    .click({ channel: 'lucy-approvals', ts: card?.ts ?? '' }, 'Approve: Import 900 credits');
  await world.slack.waitFor(async () => (await world.database.knex('batches').first()) !== undefined);
  await world.pumpAll();
  expect(world.slack.messages('lucy-approvals')[0]?.reads).toContain(
    'approved by Bea, and being carried out.',
  );
  await carried(world);

  expect(await balance(world)).toBe(900);
  expect(world.slack.messages('lucy-approvals')[0]?.reads).toContain(
    '1 of 1 line of may.csv imported. Approved by Bea.',
  );
  expect(sam.dm().at(-1)?.reads).toContain('1 of 1 line of may.csv imported.');
});

test('a file in the channel is named by its link, too', async () => {
  const world = await slackWorldWithSofia();
  const id = uploaded(world, credits(100));

  const preview = await answered(
    world,
    `/lucy credits import https://lucy.slack.com/files/U0SAM00001/${id}/may.csv ${why}`,
    'Import 100 credits',
  );

  expect(preview.reads).toContain('may.csv, 1 line for 1 customer');
});

test('every bad line comes as a file into the direct messages, and the others can be carried out', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  const id = uploaded(world, `${credits(100)}nobody@firm.com,x\n`);

  const refused = await answered(world, `/lucy credits import ${id} ${why}`, 'cannot be carried out');
  expect(refused.reads).toContain('1 of 2 lines of may.csv cannot be carried out, so nothing was changed.');
  expect(refused.reads).toContain('Say how many credits: a whole number such as 100.');
  expect(sam.dm().at(-1)?.files?.[0]).toMatchObject({ name: 'bad-lines-may.csv' });

  await sam.click({ channel: 'support', ts: refused.ts }, 'Leave them out');
  await world.slack.waitFor(() => sam.modal()?.reads.includes('Leave it empty for the file that you named.'));
  await sam.submit({ Reason: 'outage in May' });
  await world.slack.waitFor(() => sam.modal()?.reads.includes('1 of 2 lines are bad and left out.'));
  await sam.submit();
  await world.slack.waitFor(() => sam.modal()?.reads.includes('has begun'));
  await carried(world);
  expect(await balance(world)).toBe(100);
});

test('a form whose file is bad becomes the report', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy credits import');
  const file = sam.chooseFile({ name: 'may.csv', content: credits(0) });

  await sam.submit({ 'CSV file': file, Reason: 'outage in May' });

  await world.slack.waitFor(() =>
    sam.modal()?.reads.includes('1 of 1 line of may.csv cannot be carried out'),
  );
  expect(sam.dm().at(-1)?.files).toHaveLength(1);
});

test('a file that cannot be read keeps the form, with the reason under its field', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy credits import');
  const file = sam.chooseFile({ name: 'may.csv', content: Buffer.from('email,credits\nzoë,1\n', 'latin1') });

  await sam.submit({ 'CSV file': file, Reason: 'outage in May' });

  const error = sam.modal()?.errors['input:file'];
  expect(error).toContain('The file may.csv is not UTF-8');
  expect(error).toContain('save it as “CSV UTF-8”');
});

test.each([
  ['a word that is no file', 'may.csv', 'is no file in Slack'],
  ['a file that nobody uploaded', 'F0NOBODY01', 'Lucy does not see a file F0NOBODY01'],
])('%s is told what to do', async (_name, typed, sentence) => {
  const world = await slackWorldWithSofia();

  const told = await answered(world, `/lucy credits import ${typed} ${why}`, sentence);

  expect(told.reads).toContain('/lucy credits import');
});

test('a file that stands nowhere that Lucy is in is not seen', async () => {
  const world = await slackWorldWithSofia();
  const id = world.slack.as('sam').upload('general', { name: 'may.csv', content: credits(100) });

  const told = await answered(world, `/lucy credits import ${id} ${why}`, `does not see a file ${id}`);

  expect(told.reads).toContain('Upload it to a channel that Lucy is in');
});

test('a file of somebody else in another channel is not read, whoever may import', async () => {
  const world = await slackWorldWithSofia();
  const content = 'email,credits,reason\nboss@firm.com,90000.5,secret bonus\n';
  const id = world.slack.as('bea').upload('lucy-billing', { name: 'salaries.csv', content });

  const told = await answered(world, `/lucy credits import ${id} ${why}`, 'Somebody else uploaded');

  expect(told.reads).toContain('it is not shared in this channel, so Lucy did not read it.');
  expect(told.reads).toContain('upload your own copy: /lucy credits import');
  expect(told.reads).not.toMatch(/salaries|boss|secret/);
  expect(await world.database.knex('files')).toEqual([]);
  expect(world.slack.as('sam').dm()).toEqual([]);
});

test('a form does not open it either', async () => {
  const world = await slackWorldWithSofia();
  const sam = world.slack.as('sam');
  const id = world.slack.as('bea').upload('lucy-billing', { name: 'salaries.csv', content: credits(5) });
  await sam.say('support', `/lucy credits import ${id}`);

  await sam.submit({ Reason: 'look at it' });

  await world.slack.waitFor(() => JSON.stringify(sam.modal()).includes('Somebody else uploaded'));
  expect(await world.database.knex('files')).toEqual([]);
});

test('a file that a colleague shared in the channel of the request is read', async () => {
  const world = await slackWorldWithSofia();
  const id = world.slack.as('bea').upload('support', { name: 'may.csv', content: credits(100) });

  const preview = await answered(world, `/lucy credits import ${id} ${why}`, 'Import 100 credits');

  expect(preview.reads).toContain('may.csv, 1 line for 1 customer');
});

test('without the scope for files Lucy says so, and fetches nothing', async () => {
  const scopes = ['commands', 'chat:write', 'files:write', 'im:write', 'users:read', 'usergroups:read'];
  const world = await slackWorldWithSofia({ slack: { scopes } });
  const id = uploaded(world, credits(100));

  const told = await answered(world, `/lucy credits import ${id} ${why}`, 'files:read');

  expect(told.reads).toContain('her app is without the scope files:read');
  expect(await world.database.knex('files')).toEqual([]);
});

test('who may not import makes Lucy fetch nothing', async () => {
  const world = await slackWorldWithSofia();
  const id = uploaded(world, credits(100));
  const olu = world.slack.as('olu');

  await olu.say('lucy-oncall', `/lucy credits import ${id} ${why}`);

  await seen(world, 'olu', 'lucy-oncall', 'needs the role support or billing');
  expect(await world.database.knex('files')).toEqual([]);
  expect(world.slack.wire.entries().filter((line) => line.label === 'files.info')).toEqual([]);
});

test('Slack being away is told, and nothing is imported', async () => {
  const world = await slackWorldWithSofia();
  const id = uploaded(world, credits(100));
  world.slack.faults.add({ method: 'files-pri', kind: 'http_500' });

  const told = await answered(world, `/lucy credits import ${id} ${why}`, 'could not be fetched');

  expect(told.reads).toContain('Try again in a moment');
});

test('customers are imported in Slack like credits', async () => {
  const world = await slackWorld();
  const sam = world.slack.as('sam');
  await sam.say('support', '/lucy customer import');
  const file = sam.chooseFile({ name: 'old.csv', content: 'email,credits\nsofia@firm.com,250\n' });
  await sam.submit({ 'CSV file': file, Reason: 'moving' });
  await world.slack.waitFor(() => sam.modal()?.reads.includes('Add 1 customer'));
  await sam.submit();
  await world.slack.waitFor(() => sam.modal()?.reads.includes('has begun'));
  await carried(world);

  expect(await balance(world)).toBe(250);
});
