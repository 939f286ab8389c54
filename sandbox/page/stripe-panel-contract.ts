/**
 * What the page's Stripe tab reads. GET /stripe/panel -> StripePanel.
 * POST /stripe/scenario { scenario } and POST /stripe/deliver { event } -> { ok: true, said?: a sentence } or
 * { ok: false, error: a sentence }.
 */
export type StripePanel = {
  scenarios: {
    id: string;
    /** On the button: “Sofia upgrades”. */
    title: string;
    /** One sentence: what happens in Stripe, and what to look for in Slack. */
    explanation: string;
    /** Why it cannot happen now; null when it can. */
    whyNot?: string | null;
  }[];
  customers: {
    id: string;
    name: string;
    email: string;
    /** In plain words: “Pays €49 a month for Pro, paid until 12 December.” */
    summary: string;
  }[];
  /** The last events, newest first. */
  events: {
    id: string;
    type: string;
    /** Unix seconds. */
    created: number;
    /** Whose event it is, in words; may be empty. */
    summary: string;
    delivery: {
      state: 'pending' | 'delivered' | 'failed' | 'lost';
      attempts: number;
      /** The last HTTP status that the endpoint answered with. */
      status: number | null;
    };
  }[];
};
