/**
 * What the page’s Stripe tab reads of the story. GET /story -> Story; POST /story { act } -> { ok: true } or
 * { ok: false, error: a sentence }.
 */
export type Story = {
  state: 'ready' | 'on' | 'over';
  isPlayed: boolean;
  /** One sentence about what is going on now. */
  says: string;
  /** Minutes that have passed since the webhooks were lost, on the sandbox’s clock. */
  minutes: number;
  /** How many the hour has. */
  ofMinutes: number;
  steps: { title: string; state: 'done' | 'now' | 'later' }[];
  /** What to do next; null while Lucy is at work, and when it is over. */
  next: { who: string; place: string; line: string } | null;
};

export const storyActs = ['start', 'play', 'stop'] as const;
export type StoryAct = (typeof storyActs)[number];
