import { afterAll, beforeAll, expect, test } from 'vitest';
import { botToken, refusalOf, startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;

beforeAll(async () => {
  both = await startBoth();
});

afterAll(() => both.close());

const csv = 'email,credits\nsofia@firm.com,100\n';
const infoOf = (file: string) => both.app.client.files.info({ file });

test('a file in a channel that the app is in is described, and its bytes are for the token alone', async () => {
  const { slack } = both;
  const id = slack.as('sam').upload('support', { name: 'May credits.csv', content: csv });

  const { file } = await infoOf(id);

  expect(file).toMatchObject({ id, name: 'May credits.csv', mimetype: 'text/csv', size: csv.length });
  expect(file).toMatchObject({ user: 'U0SAM00001', groups: [], ims: [] });
  expect(file?.channels).toHaveLength(1);
  const address = file?.url_private_download ?? '';
  const mine = await fetch(address, { headers: { authorization: `Bearer ${botToken}` } });
  expect([mine.status, await mine.text()]).toEqual([200, csv]);
  const stranger = await fetch(address, {
    redirect: 'manual',
    headers: { authorization: 'Bearer xoxb-other' },
  });
  expect(stranger.status).toBe(302);
  expect(slack.as('bea').messages('support').at(-1)?.files).toMatchObject([
    { name: 'May credits.csv', text: csv },
  ]);
});

test('a file that stands nowhere that the app is in is not there for it', async () => {
  const id = both.slack.as('sam').upload('general', { name: 'may.csv', content: csv });

  expect(await refusalOf(infoOf(id))).toMatchObject({ error: 'file_not_found' });
  expect(await refusalOf(infoOf('F0NOBODY01'))).toMatchObject({ error: 'file_not_found' });
});
