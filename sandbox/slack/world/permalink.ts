import { workspace } from '#sandbox/cast.ts';
import type { Message } from './message.ts';

/** The address of a message, with its thread where it is in one. */
export function permalinkOf({ channel, ts, threadTs }: Message): string {
  const page = `https://${workspace.domain}.slack.com/archives/${channel}/p${ts.replace('.', '')}`;
  return threadTs ? `${page}?thread_ts=${threadTs}&cid=${channel}` : page;
}
