import { workspace } from '#sandbox/cast.ts';
import type { SlackContext } from '../context.ts';

/** A response URL as Slack's, but on this server. */
export function responseUrl(
  context: SlackContext,
  kind: 'commands' | 'actions' | 'app',
  tail: string,
): string {
  return `${context.settings.baseUrl()}/${kind}/${workspace.teamId}/${tail}`;
}
