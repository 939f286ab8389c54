export type Channel = {
  id: string;
  name: string;
  kind: 'channel' | 'dm';
  isPrivate: boolean;
  isArchived: boolean;
  /** Ids of people and bots. A DM has exactly two. */
  members: Set<string>;
  createdAt: number;
  /** Who made it; Ada made those that were there before. */
  creator?: string;
  topic?: string;
};

/** A DM's id is made of both ends, so that opening it twice finds the same one. */
export function dmId(one: string, other: string, botUserId: string): string {
  const ends = [one, other].filter((id) => id !== botUserId).sort();
  return `D${ends.map((id) => id.slice(1)).join('')}`;
}
