import { clamp, defang } from '#src/core/text.ts';
import type { Reply } from '#src/replies/reply.ts';
import type { Asked, SlackParts } from './parts.ts';
import { problemWord, type SlackProblem, slackProblem } from './slack-client.ts';
import { escapeText } from './slack-text.ts';
import { notYet, uploadFile } from './upload-file.ts';

/**
 * Sends the file of a reply, if it has one, to the person's direct messages with Lucy: an answer that only they see
 * can hold none. The reply then says where the file is, or why it is not and how to get it.
 *
 * @param line the command line that gives the file
 */
export async function sendFile(
  parts: SlackParts,
  asked: Pick<Asked, 'userId' | 'correlationId'>,
  line: string,
  reply: Reply,
): Promise<Reply> {
  const { file, ...rest } = reply;
  if (!file) return reply;
  const name = fileName(file.name);
  const problem = await putIntoInbox(parts, asked.userId, { name, text: file.text }, reply.title);
  if (!problem) return withHint(rest, `The file ${name} is in your direct messages with me.`);
  const code = problemWord(problem);
  parts.log.warn(
    { event: 'slack_file_not_sent', problem: code, correlationId: asked.correlationId },
    'A file could not be sent',
  );
  const warnings = [...(rest.warnings ?? []), notSent(problem, name, code)];
  return withHint(
    { ...rest, warnings },
    `Get it in the terminal: npx lucy ${clamp(defang(line).trim(), 300)}`,
  );
}

/** `conversations.open` gives the direct message the id that a file needs. */
async function putIntoInbox(
  parts: SlackParts,
  userId: string,
  file: { name: string; text: string },
  title: string,
): Promise<SlackProblem | null> {
  if (file.text === '') return { kind: 'refused', code: 'file_is_empty' };
  try {
    const opened = await parts.slack.conversations.open({ users: userId });
    const comment = escapeText(clamp(defang(title), 700));
    return await uploadFile(parts.slack, file, { channelId: opened.channel?.id ?? '', comment });
  } catch (error) {
    return notYet(slackProblem(error));
  }
}

function notSent(problem: SlackProblem, name: string, code: string): string {
  if (problem.kind === 'unsure')
    return `Slack did not say whether the file ${name} arrived (${code}); look into your direct messages with me.`;
  return `The file ${name} could not be sent to your direct messages (${code}).`;
}

function withHint(reply: Reply, sentence: string): Reply {
  return { ...reply, hint: reply.hint ? `${reply.hint} ${sentence}` : sentence };
}

/** A name for any file system, and one that Slack takes. */
function fileName(name: string): string {
  return (
    defang(name)
      .replace(/[\\/:*?"<>|]/g, '-')
      .trim()
      .slice(-100) || 'file.txt'
  );
}
