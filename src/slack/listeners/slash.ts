import type { App, RespondArguments } from '@slack/bolt';
import { newCorrelationId } from '#src/core/correlation.ts';
import { answerOnce, deliveryKey } from '../answer-once.ts';
import { askedBy } from '../ask.ts';
import type { Message } from '../block-kit.ts';
import { inTime } from '../in-time.ts';
import { menuMessage } from '../menu/menu.ts';
import { openForm } from '../open-form.ts';
import type { SlackParts } from '../parts.ts';
import { renderReply } from '../render/render-reply.ts';
import { renderTaken } from '../render/render-taken.ts';
import { sendFile } from '../send-file.ts';
import { escapeText, typedText } from '../slack-text.ts';
import { takeLine } from '../take-line.ts';
import { tellError } from '../tell-error.ts';

export const slashCommand = '/lucy';

type SlashBody = {
  command: string;
  text?: string;
  user_id: string;
  team_id?: string;
  channel_id?: string;
  channel_name?: string;
  response_url?: string;
  trigger_id?: string;
};

/** `/lucy …`: the answer is the acknowledgement itself when it is ready in time, else it follows. */
export function listenForSlash(app: App, parts: SlackParts): void {
  app.command(/.*/, async ({ body, ack }) => {
    if (body.command !== slashCommand) return ack(privately(notMine(body.command)));
    const once = answer(parts, body);
    const work = once.then(({ answer }) => answer);
    const first = await inTime(work);
    await ack(
      first
        ? privately(first.value)
        : `Working on \`${slashCommand} ${escapeText(typedText(body.text ?? ''))
            .replaceAll('`', 'ˋ')
            .slice(0, 150)}\` …`,
    );
    const late = first ? null : await work;
    if (late) await parts.responses.send(body.response_url ?? null, late);
    await (await once).kept;
  });
}

/** `answer` is null when a modal came up and nothing is to be said; it is shown before it is `kept` for repeats. */
type Once = { answer: Message | null; kept: Promise<void> };

/** What to show. Never throws. */
async function answer(parts: SlackParts, body: SlashBody): Promise<Once> {
  const correlationId = newCorrelationId(parts.runner.clock.now());
  const key = deliveryKey('slash', body.trigger_id, body);
  try {
    const once = await answerOnce(parts.runner, key, () => answerFirst(parts, body, key, correlationId));
    return once ?? { answer: alreadyTaken, kept: Promise.resolve() };
  } catch (error) {
    return { answer: renderReply(tellError(parts.log, error, correlationId)), kept: Promise.resolve() };
  }
}

async function answerFirst(
  parts: SlackParts,
  body: SlashBody,
  key: string,
  correlationId: string,
): Promise<Message | null> {
  try {
    const asked = await askedBy(
      parts,
      { userId: body.user_id, teamId: body.team_id ?? null },
      {
        key,
        correlationId,
        origin: {
          responseUrl: body.response_url ?? null,
          // Slack offers no commands in threads.
          threadTs: null,
          channelId: body.channel_id ?? null,
          channelName: body.channel_name ?? null,
        },
      },
    );
    const line = typedText(body.text ?? '').trim();
    const taken = await takeLine(parts, asked, line);
    if (taken.kind === 'menu') return menuMessage(parts.runner, asked.actor);
    if (taken.kind === 'reply')
      return renderTaken({ ...taken, reply: await sendFile(parts, asked, line, taken.reply) });
    const instead = await openForm(parts, asked, { kind: 'open', triggerId: body.trigger_id ?? '' }, taken);
    return instead && renderReply(instead);
  } catch (error) {
    return renderReply(tellError(parts.log, error, correlationId));
  }
}

function privately(message: Message | null): RespondArguments | undefined {
  return message ? { response_type: 'ephemeral', ...message } : undefined;
}

const alreadyTaken: Message = renderReply({
  tone: 'info',
  title: 'This request was already taken.',
  hint: 'If no answer comes, type it again; the same request is never done twice.',
});

function notMine(command: string): Message {
  return renderReply({
    tone: 'warning',
    title: `Lucy answers to ${slashCommand}, not to ${command}.`,
    hint: `Type ${slashCommand} to see what she can do.`,
  });
}
