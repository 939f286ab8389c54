import { clamp } from '#src/core/text.ts';
import { type SlackClient, type SlackProblem, slackProblem } from './slack-client.ts';

const TIMEOUT_MS = 10_000;
/** “alt_txt_too_large: longer than the limit of 1000 character” (files.getUploadURLExternal). */
const ALT_MAX = 1000;

/** A file for Slack; `alt` says what a picture shows. */
export type Upload = { name: string; bytes: Uint8Array; alt?: string };

/**
 * Puts a file into a channel (docs.slack.dev/messaging/working-with-files): an address is asked for, the bytes go
 * there, and only the last call shows it to anybody. One try per call. It takes a channel's id; a member's is refused.
 *
 * @returns what went wrong; null when the file is there.
 */
export async function uploadFile(
  slack: SlackClient,
  file: Upload,
  to: { channelId: string; comment: string },
): Promise<SlackProblem | null> {
  let isLastCall = false;
  try {
    const { upload_url: url = '', file_id: id = '' } = await slack.files.getUploadURLExternal({
      filename: file.name,
      // In bytes; a file of other bytes than announced is refused.
      length: file.bytes.length,
      ...description(file),
    });
    const problem = await sendBytes(url, file.bytes);
    if (problem) return problem;
    isLastCall = true;
    await slack.files.completeUploadExternal({
      files: [{ id, title: file.name }],
      channel_id: to.channelId,
      initial_comment: to.comment,
    });
    return null;
  } catch (error) {
    const problem = slackProblem(error);
    return isLastCall ? problem : notYet(problem);
  }
}

/**
 * Only of a picture: any other file with a description is uploaded and then shared with nobody, without an error
 * (github.com/slackapi/python-slack-sdk/issues/1818). The SDK's types name it otherwise than Slack does.
 */
function description({ name, alt }: Upload): object {
  return alt && /\.(png|jpe?g|gif)$/i.test(name) ? { alt_txt: clamp(alt, ALT_MAX) } : {};
}

/** Before the last call nobody sees anything, so there is nothing to be unsure of. */
export function notYet(problem: SlackProblem): SlackProblem {
  return problem.kind === 'unsure' ? { kind: 'away', message: problem.message } : problem;
}

/** The address is a secret of its own: no token goes with the bytes. */
async function sendBytes(url: string, bytes: Uint8Array): Promise<SlackProblem | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'error',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(bytes),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? null : { kind: 'refused', code: `upload_failed_${answer.status}` };
  } catch (error) {
    return { kind: 'away', message: error instanceof Error ? error.message : String(error) };
  }
}
