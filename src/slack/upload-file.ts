import { type SlackClient, type SlackProblem, slackProblem } from './slack-client.ts';

const TIMEOUT_MS = 10_000;

/**
 * Puts a file into a channel (docs.slack.dev/messaging/working-with-files): an address is asked for, the bytes go
 * there, and only the last call shows it to anybody. One try per call. It takes a channel's id; a member's is refused.
 *
 * @returns what went wrong; null when the file is there.
 */
export async function uploadFile(
  slack: SlackClient,
  file: { name: string; text: string },
  to: { channelId: string; comment: string },
): Promise<SlackProblem | null> {
  let isLastCall = false;
  try {
    const bytes = Buffer.from(file.text, 'utf8');
    const { upload_url: url = '', file_id: id = '' } = await slack.files.getUploadURLExternal({
      filename: file.name,
      // In bytes; a file of other bytes than announced is refused.
      length: bytes.length,
    });
    const problem = await sendBytes(url, bytes);
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

/** Before the last call nobody sees anything, so there is nothing to be unsure of. */
export function notYet(problem: SlackProblem): SlackProblem {
  return problem.kind === 'unsure' ? { kind: 'away', message: problem.message } : problem;
}

/** The address is a secret of its own: no token goes with the bytes. */
async function sendBytes(url: string, bytes: Buffer): Promise<SlackProblem | null> {
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
