/** What Lucy asks Stripe about the events that it sends, and where it sends them. Errors as in `StripeGateway`. */
export type WebhookCalls = {
  /**
   * A page of events, newest first; Stripe keeps them for 30 days. Null when it keeps the event `after` no more.
   *
   * @param wanted.since milliseconds, the second itself included; so is `until`
   * @param wanted.undelivered only those that some endpoint has not taken yet
   */
  listEvents(wanted: {
    types: readonly string[];
    since: number;
    until?: number;
    undelivered?: boolean;
    after?: string | null;
  }): Promise<EventPage | null>;
  /**
   * Has an event sent to an endpoint once more, as Stripe's command line does; nothing that Stripe documents.
   * @throws StripeSaidNo when Stripe knows the event, the endpoint or the request no more
   */
  resendEvent(eventId: string, endpointId: string): Promise<void>;
  listWebhookEndpoints(): Promise<FetchedEndpoint[]>;
  /** What Stripe's clock says, in milliseconds; null when its answer does not tell. */
  stripeTime(): Promise<number | null>;
};

/** Events as JSON text, each as Stripe rendered it for the account; and after which one the next page begins. */
export type EventPage = { events: string[]; next: string | null };

export type FetchedEndpoint = {
  id: string;
  url: string;
  isEnabled: boolean;
  createdAt: number;
};
