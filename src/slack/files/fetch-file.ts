import { FILE_MAX_BYTES } from '#src/batches/decode-text.ts';
import { fieldError, UserError } from '#src/core/errors.ts';
import type { SlackParts } from '../parts.ts';
import { problemWord, slackProblem } from '../slack-client.ts';
import { downloadFile, mayNotRead } from './download-file.ts';

/** `F0123ABCD`, or the link that Slack copies for a file (docs.slack.dev/reference/objects/file-object, permalink). */
export function slackFileId(typed: string): string | null {
  const text = typed.trim();
  if (/^F[A-Z0-9]{6,}$/.test(text)) return text;
  return (
    /^https:\/\/[a-z0-9.-]+\.slack\.com\/files\/[UW][A-Z0-9]+\/(F[A-Z0-9]{6,})(\/|$)/.exec(text)?.[1] ?? null
  );
}

/** Who names a file, and where. */
export type FileAsker = { userId: string; channelId: string | null };

/**
 * A file that somebody uploaded to Slack. Where it lies, Slack says, never whoever names it. Lucy sees more files than
 * each of her users, so it must be the asker's own, or stand where they ask.
 */
export async function fetchSlackFile(
  parts: SlackParts,
  id: string,
  asker: FileAsker,
): Promise<{ name: string; bytes: Uint8Array }> {
  const info = await infoOf(parts, id);
  if (!isTheirs(info, asker))
    throw fieldError(
      'file',
      `Somebody else uploaded the file ${id}, and it is not shared in this channel, so Lucy did not read it.`,
      'Ask whoever has it to share it where you type, or upload your own copy: /lucy credits import',
    );
  const name = info.name ?? 'file.csv';
  if ((info.size ?? 0) > FILE_MAX_BYTES)
    throw fieldError('file', `The file ${name} has more than 5 MB.`, 'Split it into several files.');
  const file = { name, address: info.url_private_download ?? '', maxBytes: FILE_MAX_BYTES };
  return { name, bytes: await downloadFile(parts.files, file) };
}

/** https://docs.slack.dev/reference/objects/file-object: `channels` are public, `groups` private, `ims` direct messages. */
function isTheirs(
  { user, channels, groups, ims }: Awaited<ReturnType<typeof infoOf>>,
  { userId, channelId }: FileAsker,
): boolean {
  if (user === userId) return true;
  return channelId !== null && [channels, groups, ims].some((places) => places?.includes(channelId));
}

async function infoOf(parts: SlackParts, id: string) {
  try {
    return (await parts.slack.files.info({ file: id })).file ?? {};
  } catch (error) {
    const problem = slackProblem(error);
    const word = problemWord(problem);
    if (word === 'missing_scope') throw mayNotRead();
    if (problem.kind === 'refused') {
      const message = `Lucy does not see a file ${id} in Slack.`;
      const hint = 'Upload it to a channel that Lucy is in, or choose it in the form: /lucy credits import';
      throw fieldError('file', message, hint);
    }
    const hint = 'Try again in a moment, or hand the file in at the terminal.';
    throw new UserError('unavailable', `Slack did not say where the file is (${word}).`, hint);
  }
}
