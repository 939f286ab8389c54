/** A channel as Slack made it; the name without its #. */
export type Room = { channel: string; name: string };

/**
 * The door to Slack’s channels; src/slack implements it. One try per call.
 *
 * Every function throws a SendFailure, whose code is Slack’s word.
 */
export type RoomDoor = {
  create(name: string, isPrivate: boolean): Promise<Room>;
  /** A channel of this name that Lucy made since then, in milliseconds. */
  find(name: string, isPrivate: boolean, since: number): Promise<Room | null>;
  setTopic(channel: string, topic: string): Promise<void>;
  invite(channel: string, userId: string): Promise<void>;
  pin(channel: string, ts: string): Promise<void>;
  archive(channel: string): Promise<void>;
  unarchive(channel: string): Promise<void>;
};
