import type { Sql } from '#db/connection.ts';
import { listFraudWarningsOfCharge } from '#db/fraud-warnings.ts';
import type { FetchedCharge, StripeGateway } from '#src/gateways/stripe.ts';
import type { FetchedDispute, FetchedFraudWarning } from '#src/gateways/stripe-disputes-read.ts';

/** Its payment as Stripe pairs it; left out where nobody asked, for our rows mostly know it. */
export type PairedDispute = FetchedDispute & { paymentId?: string | null };

/** Everything that banks say of some charges now. */
export type FetchedCases = {
  disputes: PairedDispute[];
  warnings: { warning: FetchedFraudWarning; charge: FetchedCharge }[];
};

/** Disputes of one charge, and, where one was told of or is known, its early fraud warnings. */
export async function fetchCases(
  sql: Sql,
  stripe: StripeGateway,
  chargeId: string,
  asksWarnings: boolean,
): Promise<FetchedCases> {
  const disputes = await stripe.listDisputes(chargeId);
  const isWarned = asksWarnings || (await listFraudWarningsOfCharge(sql, chargeId)).length > 0;
  const warnings = isWarned ? await stripe.listFraudWarnings(chargeId) : [];
  const charge = warnings.length > 0 ? await stripe.getCharge(chargeId) : null;
  return { disputes, warnings: charge ? warnings.map((warning) => ({ warning, charge })) : [] };
}
