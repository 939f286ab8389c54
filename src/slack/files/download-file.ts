import { UserError } from '#src/core/errors.ts';

const TIMEOUT_MS = 20_000;

/** Whether an address is Slack's own, so that the token may go there. */
function isOfSlack(url: URL, apiUrl: string): boolean {
  if (url.username || url.password) return false;
  if (url.protocol === 'https:' && url.hostname === 'files.slack.com' && url.port === '') return true;
  const local = new URL(apiUrl);
  return local.hostname !== 'slack.com' && url.protocol === local.protocol && url.host === local.host;
}

/**
 * The bytes behind `url_private_download`, with the bot's token, which goes to Slack alone and follows no redirect. A
 * token that may not read files is answered by Slack with its login page.
 *
 * @throws UserError that says what to do
 */
export async function downloadFile(
  config: { botToken: string; apiUrl: string },
  file: { name: string; address: string; maxBytes: number },
): Promise<Uint8Array> {
  const url = URL.canParse(file.address) ? new URL(file.address) : null;
  if (!url || !isOfSlack(url, config.apiUrl)) {
    throw new UserError(
      'unavailable',
      `The file ${file.name} does not lie at Slack, so it was not fetched.`,
      'Upload it to Slack itself, from your computer, and hand that file in.',
    );
  }
  const answer = await fetch(url, {
    redirect: 'manual',
    headers: { authorization: `Bearer ${config.botToken}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw notFetched(file.name, error instanceof Error ? error.name : 'no answer');
  });
  const isPage = answer.headers.get('content-type')?.startsWith('text/html') ?? false;
  if ((answer.status >= 300 && answer.status < 400) || (isPage && !/\.html?$/i.test(file.name))) {
    await answer.body?.cancel();
    throw mayNotRead();
  }
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    throw notFetched(file.name, `HTTP ${answer.status}`);
  }
  return readUpTo(answer.body, file);
}

/** One byte more than the limit is enough to know that it is too large. */
async function readUpTo(
  body: ReadableStream<Uint8Array>,
  { name, maxBytes }: { name: string; maxBytes: number },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) break;
    }
  } catch {
    throw notFetched(name, 'the connection broke off');
  }
  return Buffer.concat(chunks);
}

export function mayNotRead(): UserError {
  return new UserError(
    'unavailable',
    'Slack did not let Lucy read the file: her app is without the scope files:read.',
    'Ask an admin to reinstall the app from manifest.yml, or hand the file in at the terminal.',
  );
}

function notFetched(name: string, why: string): UserError {
  return new UserError(
    'unavailable',
    `The file ${name} could not be fetched from Slack (${why}).`,
    'Try again in a moment, or hand it in at the terminal.',
  );
}
