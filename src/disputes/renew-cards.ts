import type { Sql } from '#db/connection.ts';
import { listDisputesOfCustomer } from '#db/disputes.ts';
import { listFraudWarningsOfCustomer } from '#db/fraud-warnings.ts';
import type { Cause } from '#src/core/cause.ts';
import type { Settings } from '#src/core/settings.ts';
import { isOver } from '#src/gateways/stripe-dispute-status.ts';
import { renewDisputeCard } from './card.ts';
import { renewWarningCard } from './warning-card.ts';

/** A lock, or its end, changes what the cards of a customer's open disputes and warnings say and offer. */
export async function renewCardsOfCustomer(
  sql: Sql,
  settings: Settings,
  cause: Cause,
  customerId: string,
): Promise<void> {
  for (const { id, status } of await listDisputesOfCustomer(sql, customerId))
    if (!isOver(status)) await renewDisputeCard(sql, settings, cause, id);
  for (const { id, is_actionable } of await listFraudWarningsOfCustomer(sql, customerId))
    if (is_actionable === 1) await renewWarningCard(sql, cause, id);
}
