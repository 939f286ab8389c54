import type { Log } from '#src/core/log.ts';
import type { Message } from './block-kit.ts';

export type ResponseOptions = {
  /** In place of the message that was clicked. */
  isReplacement?: boolean;
  /** For everybody in the channel. */
  isPublic?: boolean;
};

export type ResponseUrls = {
  /** False when Slack did not take it: the URL is used up (5 times, 30 minutes), foreign, or Slack is away. */
  send(url: string | null, message: Message, options?: ResponseOptions): Promise<boolean>;
};

const TIMEOUT_MS = 5_000;

/**
 * Answers through `response_url` (docs.slack.dev/interactivity/handling-user-interaction, “Message responses”). The
 * URL comes with a signed request, and is still only followed to Slack: a parsed https URL of hooks.slack.com without
 * credentials or redirects. With `SLACK_API_URL` set, its host counts too.
 */
export function createResponseUrls(apiUrl: string, log: Log): ResponseUrls {
  const local = new URL(apiUrl);

  function isSlack(url: URL): boolean {
    if (url.username || url.password) return false;
    if (url.protocol === 'https:' && url.host === 'hooks.slack.com') return true;
    return local.hostname !== 'slack.com' && url.protocol === local.protocol && url.host === local.host;
  }

  return {
    async send(text, message, { isReplacement = false, isPublic = false } = {}) {
      const url = text !== null && URL.canParse(text) ? new URL(text) : null;
      if (!url || !isSlack(url)) {
        if (text) log.warn({ event: 'slack_response_url_refused' }, 'A response_url is not Slack’s');
        return false;
      }
      const kind = isReplacement
        ? { replace_original: true }
        : { replace_original: false, response_type: isPublic ? 'in_channel' : 'ephemeral' };
      try {
        const answer = await fetch(url, {
          method: 'POST',
          redirect: 'error',
          headers: { 'content-type': 'application/json; charset=utf-8' },
          body: JSON.stringify({ ...message, ...kind }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (!answer.ok)
          log.warn({ event: 'slack_response_failed', status: answer.status }, 'Slack did not take an answer');
        return answer.ok;
      } catch (error) {
        log.warn({ event: 'slack_response_failed', err: error }, 'An answer did not reach Slack');
        return false;
      }
    },
  };
}
