import { createServer, type RequestListener } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { downloadFile } from '#src/slack/files/download-file.ts';
import { slackFileId } from '#src/slack/files/fetch-file.ts';

/** A server, and what came to it. */
async function server(answer: RequestListener) {
  const seen: (string | undefined)[] = [];
  const http = createServer((request, response) => {
    seen.push(request.headers.authorization);
    answer(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
  });
  const address = http.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { seen, url: `http://127.0.0.1:${port}` };
}

const botToken = 'xoxb-secret';
const file = (address: string) => ({ name: 'may.csv', address, maxBytes: 100 });

test('the token goes to Slack’s own address, and the bytes come back', async () => {
  const slack = await server((_request, response) => response.end('email,credits\n'));

  const bytes = await downloadFile(
    { botToken, apiUrl: `${slack.url}/api/` },
    file(`${slack.url}/files-pri/T1-F1/download/may.csv`),
  );

  expect(Buffer.from(bytes).toString()).toBe('email,credits\n');
  expect(slack.seen).toEqual(['Bearer xoxb-secret']);
});

test('an address that is not Slack’s is never asked, whatever it looks like', async () => {
  const other = await server((_request, response) => response.end('secret'));
  const slackApi = 'https://slack.com/api/';
  const addresses = [
    `${other.url}/may.csv`,
    other.url.replace('http://', 'http://files.slack.com@'),
    'http://files.slack.com/may.csv',
    'https://files.slack.com.evil.example/may.csv',
    'https://evil-slack.com/may.csv',
    'https://files.slack.com:8443/may.csv',
    'file:///etc/passwd',
    'http://169.254.169.254/latest/meta-data/',
    'not an address',
    '',
  ];

  for (const address of addresses) {
    const fetched = downloadFile({ botToken, apiUrl: slackApi }, file(address));
    await expect(fetched, address).rejects.toMatchObject({
      message: 'The file may.csv does not lie at Slack, so it was not fetched.',
    });
  }
  expect(other.seen).toEqual([]);
});

test('a redirect is not followed: the token stays where it was sent', async () => {
  const other = await server((_request, response) => response.end('secret'));
  const slack = await server((_request, response) =>
    response.writeHead(302, { location: `${other.url}/login` }).end(),
  );

  const fetched = downloadFile({ botToken, apiUrl: slack.url }, file(`${slack.url}/may.csv`));

  await expect(fetched).rejects.toMatchObject({ message: expect.stringContaining('files:read') });
  expect(other.seen).toEqual([]);
});

test('Slack’s login page instead of the file is a scope that is missing', async () => {
  const slack = await server((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!DOCTYPE html>'),
  );

  const fetched = downloadFile({ botToken, apiUrl: slack.url }, file(`${slack.url}/may.csv`));

  await expect(fetched).rejects.toMatchObject({ message: expect.stringContaining('files:read') });
});

test('more bytes than Slack announced are not read to their end', async () => {
  const slack = await server((_request, response) => {
    const timer = setInterval(() => response.write('x'.repeat(64)), 1);
    response.on('close', () => clearInterval(timer));
  });

  const bytes = await downloadFile({ botToken, apiUrl: slack.url }, file(`${slack.url}/may.csv`));

  expect(bytes.length).toBeGreaterThan(100);
  expect(bytes.length).toBeLessThan(100_000);
});

test.each([
  ['F0123ABCD', 'F0123ABCD'],
  [' F0123ABCD ', 'F0123ABCD'],
  ['https://lucy.slack.com/files/U0SAM00001/F0123ABCD/may.csv', 'F0123ABCD'],
  ['https://lucy.enterprise.slack.com/files/W0SAM00001/F0123ABCD/may.csv?x=1', 'F0123ABCD'],
  ['https://evil.example/files/U0SAM00001/F0123ABCD/may.csv', null],
  ['http://lucy.slack.com/files/U0SAM00001/F0123ABCD/may.csv', null],
  ['may.csv', null],
  ['F../../F0123ABCD', null],
])('%s names the file %s', (typed, id) => {
  expect(slackFileId(typed)).toBe(id);
});
