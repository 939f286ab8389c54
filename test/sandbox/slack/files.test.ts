import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, startBoth } from './bolt-side.ts';

let both: Awaited<ReturnType<typeof startBoth>>;

beforeAll(async () => {
  both = await startBoth();
});

afterAll(() => both.close());

const csv = 'When,Who,What\n2026-11-20,Sam,credits grant\n2026-11-21,Bea,refund approve\n';

async function announce(filename = 'audit.csv', length = Buffer.byteLength(csv)) {
  const { upload_url: url = '', file_id: id = '' } = await both.app.client.files.getUploadURLExternal({
    filename,
    length,
  });
  return { url, id };
}

const send = (url: string, body: string | FormData) => fetch(url, { method: 'POST', body });
const share = (id: string, channel: string, more: Record<string, unknown> = {}) =>
  both.app.client.apiCall('files.completeUploadExternal', {
    files: [{ id, title: 'Audit' }],
    channel_id: channel,
    ...more,
  });

test('a file is announced, uploaded and shared, and only then somebody sees it', async () => {
  const { slack, app } = both;
  const sam = slack.as('sam');
  const { url, id } = await announce();
  const uploaded = await send(url, csv);
  expect([uploaded.status, await uploaded.text()]).toEqual([200, `OK - ${csv.length}`]);
  expect(sam.dm()).toEqual([]);

  const opened = await app.client.conversations.open({ users: sam.id });
  const done = await share(id, opened.channel?.id ?? '', { initial_comment: 'Everything of November' });

  expect(done).toMatchObject({
    files: [{ id, name: 'audit.csv', title: 'Audit', mimetype: 'text/csv', size: csv.length }],
  });
  expect(sam.dm()).toMatchObject([
    { text: 'Everything of November', files: [{ name: 'audit.csv', title: 'Audit', text: csv }] },
  ]);
  expect(slack.as('bea').dm()).toEqual([]);
});

test('it goes into a thread, and is seen once however often it is completed', async () => {
  const { slack, app } = both;
  const { ts = '' } = await app.client.chat.postMessage({ channel: 'C0BILLING1', text: 'a card' });
  const { url, id } = await announce();
  await send(url, csv);

  await share(id, 'C0BILLING1', { thread_ts: ts });

  expect(await refusalOf(share(id, 'C0BILLING1'))).toMatchObject({ error: 'file_not_found' });
  expect(slack.messages('lucy-billing').at(-1)).toMatchObject({
    threadTs: ts,
    files: [{ name: 'audit.csv' }],
  });
  expect(slack.messages('lucy-billing')).toHaveLength(2);
  expect((await send(url, csv)).status).toBe(404);
});

test('a multipart form is taken too, other bytes than announced are not', async () => {
  const { url, id } = await announce();
  expect((await send(url, `${csv}more`)).status).toBe(400);
  expect(await refusalOf(share(id, 'C0BILLING1'))).toMatchObject({ error: 'file_not_found' });

  const form = new FormData();
  form.append('filename', new Blob([csv]), 'audit.csv');
  expect((await send(url, form)).status).toBe(200);
  expect((await send(`${both.slack.url}/upload/v1/nowhere`, csv)).status).toBe(404);
});

test('what Slack refuses of a file', async () => {
  const { app, slack } = both;
  const { url, id } = await announce();
  await send(url, csv);
  const past = slack.addChannel({ name: 'past', hasBot: true });
  slack.archiveChannel('past');

  expect(await refusalOf(share(id, 'U0SAM00001'))).toMatchObject({
    error: 'invalid_arguments',
    response_metadata: {
      messages: ['[ERROR] input must match regex pattern: ^[CGDZ][A-Z0-9]{8,}$ [json-pointer:/channel_id]'],
    },
  });
  expect(await refusalOf(share(id, 'C0NOWHERE1'))).toMatchObject({ error: 'channel_not_found' });
  expect(await refusalOf(share(id, 'C0GENERAL1'))).toMatchObject({ error: 'not_in_channel' });
  expect(await refusalOf(share(id, past))).toMatchObject({ error: 'posting_to_channel_denied' });
  expect(await refusalOf(share('F0NOWHERE1', 'C0BILLING1'))).toMatchObject({ error: 'file_not_found' });
  expect(
    await refusalOf(app.client.files.getUploadURLExternal({ filename: 'empty.csv', length: 0 })),
  ).toMatchObject({ error: 'missing_argument' });
  expect(await refusalOf(app.client.apiCall('files.upload', { content: csv }))).toMatchObject({
    error: 'unknown_method',
  });
});

test('a described file that is no picture is shared with nobody, and Slack says nothing', async () => {
  const { slack, app } = both;
  const before = slack.messages('lucy-billing').length;
  const { upload_url: url = '', file_id: id = '' } = (await app.client.apiCall('files.getUploadURLExternal', {
    filename: 'audit.csv',
    length: csv.length,
    alt_txt: 'The audit',
  })) as { upload_url?: string; file_id?: string };
  await send(url, csv);

  expect(await share(id, 'C0BILLING1')).toMatchObject({ ok: true });
  expect(slack.messages('lucy-billing')).toHaveLength(before);
});

test('a description of a picture has at most 1000 characters', async () => {
  const ask = (alt: string) =>
    both.app.client.apiCall('files.getUploadURLExternal', { filename: 'a.png', length: 1, alt_txt: alt });
  expect(await ask('a'.repeat(1000))).toMatchObject({ ok: true });
  expect(await refusalOf(ask('a'.repeat(1001)))).toMatchObject({ error: 'alt_txt_too_large' });
});

test('without the scope there is no address', async () => {
  const narrow = await startBoth({ scopes: ['chat:write'] });
  const asked = narrow.app.client.files.getUploadURLExternal({ filename: 'a.csv', length: 1 });
  expect(await refusalOf(asked)).toMatchObject({ error: 'missing_scope', needed: 'files:write' });
  await narrow.close();
});

test('the page shows its first lines, and gives it as a download to those who see it', async () => {
  const { slack } = both;
  const long = Array.from({ length: 40 }, (_, line) => `${line},<script>alert(${line})</script>`).join(
    '\r\n',
  );
  const { url, id } = await announce('über "alles".csv', Buffer.byteLength(long));
  await send(url, long);
  await share(id, slack.as('olu').dmId);

  const snapshot = await fetch(`${slack.url}/client/snapshot?as=U0OLU00001`);
  const { messages } = JSON.parse(await snapshot.text());
  expect(messages.at(-1).files).toEqual([
    {
      id,
      name: 'über "alles".csv',
      type: 'CSV',
      size: Buffer.byteLength(long),
      preview: long.split('\r\n').slice(0, 6).join('\n'),
      isCut: true,
    },
  ]);

  const got = await fetch(`${slack.url}/client/file?as=U0OLU00001&id=${id}`);
  expect(await got.text()).toBe(long);
  expect(got.headers.get('content-type')).toBe('application/octet-stream');
  expect(got.headers.get('content-disposition')).toBe(
    `attachment; filename="_ber__alles_.csv"; filename*=UTF-8''%C3%BCber%20%22alles%22.csv`,
  );
  expect(got.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await fetch(`${slack.url}/client/file?as=U0SAM00001&id=${id}`)).status).toBe(404);
  expect((await fetch(`${slack.url}/client/file?as=U0OLU00001&id=F404`)).status).toBe(404);
});
