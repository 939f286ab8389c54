import { z } from 'zod';
import { readCardMark } from '../card-mark.ts';
import type { Caller } from '../identity/members.ts';
import type { ModalPlace } from '../open-form.ts';
import type { Origin } from '../parts.ts';

/** What Lucy reads of a click (docs.slack.dev/reference/interaction-payloads/block_actions-payload). */
const clickSchema = z.object({
  user: z.object({ id: z.string(), team_id: z.string().nullish() }),
  trigger_id: z.string().nullish(),
  response_url: z.string().nullish(),
  channel: z.object({ id: z.string(), name: z.string().nullish() }).nullish(),
  container: z
    .object({
      is_ephemeral: z.boolean().nullish(),
      message_ts: z.string().nullish(),
      thread_ts: z.string().nullish(),
    })
    .nullish(),
  view: z.object({ id: z.string(), type: z.string() }).nullish(),
  actions: z
    .array(
      z.object({
        action_id: z.string().nullish(),
        block_id: z.string().nullish(),
        value: z.string().nullish(),
      }),
    )
    .min(1),
});

export type Click = {
  caller: Caller;
  actionId: string;
  value: string;
  triggerId: string;
  /** The key of the card that the button is on, if it is on one. */
  card: string | null;
  place: Place;
};

/** Where the button was, and so where an answer can go. */
export type Place =
  | ({ kind: 'message'; isPrivate: boolean; messageTs: string | null } & Origin)
  | { kind: 'modal'; viewId: string }
  | { kind: 'home' };

export function readClick(body: unknown): Click {
  const click = clickSchema.parse(body);
  return {
    caller: { userId: click.user.id, teamId: click.user.team_id ?? null },
    actionId: click.actions[0]?.action_id ?? '',
    value: click.actions[0]?.value ?? '',
    triggerId: click.trigger_id ?? '',
    card: readCardMark(click.actions[0]?.block_id ?? ''),
    place: placeOf(click),
  };
}

function placeOf(click: z.infer<typeof clickSchema>): Place {
  if (click.view?.type === 'home') return { kind: 'home' };
  if (click.view) return { kind: 'modal', viewId: click.view.id };
  return {
    kind: 'message',
    responseUrl: click.response_url ?? null,
    channelId: click.channel?.id ?? null,
    channelName: click.channel?.name ?? null,
    isPrivate: click.container?.is_ephemeral === true,
    messageTs: click.container?.message_ts ?? null,
    threadTs: click.container?.thread_ts ?? null,
  };
}

/** A modal comes up over a modal, and opens everywhere else. */
export function modalPlace(click: Click): ModalPlace {
  return { kind: click.place.kind === 'modal' ? 'push' : 'open', triggerId: click.triggerId };
}
