import type { Settings } from '#src/core/settings.ts';
import { type Announcer, SendFailure } from '#src/outbox/announcer.ts';
import { markCard } from './card-mark.ts';
import type { MethodRests } from './method-rests.ts';
import { renderReply } from './render/render-reply.ts';
import { type SlackClient, slackProblem } from './slack-client.ts';

/** Posts what the outbox holds, unless Slack wants it to rest. One try per call; the outbox decides about the next. */
export function createSlackAnnouncer(slack: SlackClient, settings: Settings, rests: MethodRests): Announcer {
  return {
    async post(target, reply, { footnote, edit, thread, card } = {}) {
      const method = edit ? 'chat.update' : 'chat.postMessage';
      const restMs = await rests.leftMs(method);
      if (restMs > 0) throw new SendFailure({ kind: 'rate_limited', retryAfterMs: restMs });
      const { text, blocks: plain } = renderReply(reply, {
        surface: 'message',
        ...(footnote ? { footnote } : {}),
      });
      const blocks = card === undefined ? plain : markCard(plain, card);
      try {
        return await rests.calling(method, async () => {
          if (edit) {
            await slack.chat.update({ channel: edit.channel, ts: edit.ts, text, blocks });
            return edit;
          }
          const posted = await slack.chat.postMessage({
            channel: thread?.channel ?? channelOf(settings, target),
            text,
            blocks,
            ...(thread ? { thread_ts: thread.ts } : {}),
            unfurl_links: false,
            unfurl_media: false,
          });
          return { channel: posted.channel ?? '', ts: posted.ts ?? '' };
        });
      } catch (error) {
        const problem = slackProblem(error);
        throw new SendFailure(
          problem.kind === 'refused' ? { ...problem, blame: blameOf(problem.code) } : problem,
        );
      }
    },
    nameOf: (target) => channelOf(settings, target),
  };
}

/** A key of `channels:` in the settings, or `user:U…` for a direct message. */
function channelOf(settings: Settings, target: string): string {
  if (target.startsWith('user:')) return target.slice('user:'.length);
  return Object.entries(settings.channels).find(([key]) => key === target)?.[1] ?? target;
}

/** docs.slack.dev/reference/methods/chat.postMessage, “Errors”. */
const aboutChannel = new Set([
  'channel_not_found',
  'not_in_channel',
  'is_archived',
  'is_inactive',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_non_threadable_channel',
  'user_not_found',
  'messages_tab_disabled',
  'cannot_reply_to_message',
]);
const aboutToken =
  /^(invalid_auth|not_authed|account_inactive|token_(revoked|expired)|missing_scope|no_permission|not_allowed_token_type|team_access_not_granted|access_denied|org_login_required|ekm_access_denied)$/;

function blameOf(code: string): 'channel' | 'token' | 'message' {
  if (aboutChannel.has(code)) return 'channel';
  return aboutToken.test(code) ? 'token' : 'message';
}
