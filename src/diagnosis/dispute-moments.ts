import type { Sql } from '#db/connection.ts';
import { listDisputeSteps, listDisputesOfCustomer } from '#db/disputes.ts';
import { listFraudWarningsOfCustomer } from '#db/fraud-warnings.ts';
import { formatMoney } from '#src/core/money.ts';

type AtBank = { at: number; kind: string; id: string; correlationId: null; sentence: string };

/** What the banks of one customer’s cards did: disputes with each of their steps, and early fraud warnings. */
export async function readBankMoments(sql: Sql, customerId: string): Promise<AtBank[]> {
  const moments: AtBank[] = [];
  for (const dispute of await listDisputesOfCustomer(sql, customerId)) {
    const money = formatMoney(dispute.amount, dispute.currency);
    const steps = await listDisputeSteps(sql, dispute.id);
    const isInquiry = steps[0]?.status.startsWith('warning_') ?? false;
    const common = { kind: 'dispute', id: dispute.id, correlationId: null };
    moments.push({
      ...common,
      at: dispute.opened_at,
      sentence: `${isInquiry ? 'The bank inquires about' : 'The cardholder disputes'} ${money} of ${dispute.charge_id}: ${words(dispute.reason)}.`,
    });
    for (const { seq, status, at } of steps)
      if (seq > 1 || at > dispute.opened_at)
        moments.push({ ...common, at, sentence: `The dispute over ${money} is now “${words(status)}”.` });
  }
  for (const warning of await listFraudWarningsOfCustomer(sql, customerId))
    moments.push({
      at: warning.created_at,
      kind: 'fraud_warning',
      id: warning.id,
      correlationId: null,
      sentence: `The bank warns of fraud on ${warning.charge_id}: ${words(warning.fraud_type)}.`,
    });
  return moments;
}

function words(stripes: string): string {
  return stripes.replaceAll('_', ' ');
}
