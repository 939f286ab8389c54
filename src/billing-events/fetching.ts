import type { Database } from '#db/connection.ts';
import type { Settings } from '#src/core/settings.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';

/** What reading a customer from Stripe needs. */
export type Fetching = { stripe: StripeGateway; database: Database; settings: Settings };
