import { clamp, defang } from '#src/core/text.ts';
import { fileBytes } from '#src/replies/file-bytes.ts';
import type { Picture, Reply, ReplyFile } from '#src/replies/reply.ts';
import type { Asked, SlackParts } from './parts.ts';
import { problemWord, type SlackProblem, slackProblem } from './slack-client.ts';
import { escapeText } from './slack-text.ts';
import { notYet, type Upload, uploadFile } from './upload-file.ts';

/**
 * Sends the file or picture of a reply, if it has one, to the person's direct messages with Lucy: an answer that only
 * they see can hold none, and a file in a channel is everybody's (github.com/slackapi/node-slack-sdk/issues/1790). There
 * Slack shows it in place. The reply then says where it is, or why it is not and how to get it.
 *
 * @param line the command line that gives the file
 */
export async function sendFile(
  parts: SlackParts,
  asked: Pick<Asked, 'userId' | 'correlationId'>,
  line: string,
  reply: Reply,
): Promise<Reply> {
  const { file, picture, ...rest } = reply;
  if (!file && !picture) return reply;
  const kind = file ? 'file' : 'picture';
  const name = fileName(file?.name ?? picture?.name ?? '');
  const upload = file ? uploadOf(name, file) : picture && (await drawn(parts, asked, name, picture));
  if (!upload) return { ...rest, warnings: [...(rest.warnings ?? []), NOT_DRAWN] };
  const problem = await putIntoInbox(parts, asked.userId, upload, reply.title);
  if (!problem) return withHint(rest, `The ${kind} ${name} is in your direct messages with me.`);
  const code = problemWord(problem);
  parts.log.warn(
    { event: 'slack_file_not_sent', problem: code, correlationId: asked.correlationId },
    'A file could not be sent',
  );
  const warnings = [...(rest.warnings ?? []), notSent(problem, `${kind} ${name}`, code)];
  // Text goes to where the terminal's output goes; anything else has to be given a name.
  const out = upload.alt === undefined ? '' : ` --out ${name}`;
  return withHint(
    { ...rest, warnings },
    `Get it in the terminal: npx lucy ${clamp(defang(line).trim(), 300)}${out}`,
  );
}

const NOT_DRAWN = 'The picture could not be drawn; the words are complete without it.';

function uploadOf(name: string, file: ReplyFile): Upload {
  return { name, bytes: fileBytes(file), ...('alt' in file ? { alt: file.alt } : {}) };
}

async function drawn(
  parts: SlackParts,
  asked: Pick<Asked, 'correlationId'>,
  name: string,
  picture: Picture,
): Promise<Upload | null> {
  try {
    const { png, alt } = await picture.draw();
    return { name, bytes: png, alt };
  } catch (error) {
    parts.log.warn(
      { event: 'picture_not_drawn', err: error, correlationId: asked.correlationId },
      'A picture could not be drawn',
    );
    return null;
  }
}

/** `conversations.open` gives the direct message the id that a file needs. */
async function putIntoInbox(
  parts: SlackParts,
  userId: string,
  file: Upload,
  title: string,
): Promise<SlackProblem | null> {
  if (file.bytes.length === 0) return { kind: 'refused', code: 'file_is_empty' };
  try {
    const opened = await parts.slack.conversations.open({ users: userId });
    const comment = escapeText(clamp(defang(title), 700));
    return await uploadFile(parts.slack, file, { channelId: opened.channel?.id ?? '', comment });
  } catch (error) {
    return notYet(slackProblem(error));
  }
}

function notSent(problem: SlackProblem, what: string, code: string): string {
  if (problem.kind === 'unsure')
    return `Slack did not say whether the ${what} arrived (${code}); look into your direct messages with me.`;
  return `The ${what} could not be sent to your direct messages (${code}).`;
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
