import { asDatabase } from '#db/as-database.ts';
import type { Sql } from '#db/connection.ts';
import { listLinks } from '#db/customer-links.ts';
import type { CustomerRow } from '#db/customers.ts';
import { listPaymentsOfCustomer } from '#db/payments.ts';
import { DAY_MS } from '#src/core/clock.ts';
import { createLog } from '#src/core/log.ts';
import type { Settings } from '#src/core/settings.ts';
import type { BillingMode } from '#src/entitlements/recompute.ts';
import type { StripeGateway } from '#src/gateways/stripe.ts';
import { readCreditsSince } from '#src/payments/credits-since.ts';
import { type ReconcileDeps, realPause } from './deps.ts';
import { type Examined, examine } from './examine.ts';

/**
 * Compares one customer at once, thoroughly: with what every payment of theirs in the last weeks says of refunds. Asks
 * Stripe without waiting for the budget, because somebody waits.
 */
export async function compareCustomer(
  context: { sql: Sql; settings: Settings; mode: BillingMode; stripe: StripeGateway; now: number },
  customer: CustomerRow,
): Promise<Examined> {
  const { sql, settings, mode, stripe, now } = context;
  const deps: ReconcileDeps = {
    database: asDatabase(sql),
    settings,
    stripe,
    mode,
    clock: { now: () => now },
    log: createLog('silent'),
    creditsSince: await readCreditsSince(sql, settings, now),
    pause: realPause,
  };
  const since = now - settings.reconcile.payments_days * DAY_MS;
  const payments = await listPaymentsOfCustomer(sql, customer.id, since, PAYMENTS_MAX);
  const [link] = await listLinks(sql, customer.id);
  return examine(deps, link?.stripe_customer_id ?? customer.id, {
    payments: payments.map(({ id }) => ({ id, sessionId: null })),
  });
}

const PAYMENTS_MAX = 20;
