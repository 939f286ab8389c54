import type { Sql } from './connection.ts';

export type DisputePhase = 'inquiry' | 'dispute';
export type DisputeDecision = 'accept' | 'refund' | 'contest' | 'fraud';

export type DisputeRow = {
  id: string;
  mode: string;
  stripe_customer_id: string | null;
  /** Null while the Stripe customer is linked to nobody. */
  customer_id: string | null;
  payment_id: string | null;
  charge_id: string;
  payment_intent_id: string | null;
  amount: number;
  currency: string;
  reason: string;
  /** Stripe's word. */
  status: string;
  phase: DisputePhase;
  /** Null when Stripe takes no answer. */
  due_by: number | null;
  is_charge_refundable: number;
  has_evidence: number;
  submission_count: number;
  network: string | null;
  case_type: string | null;
  network_reason_code: string | null;
  /** Of the charge: what the bank keeps for good. */
  lost_amount: number;
  opened_at: number;
  closed_at: number | null;
  /** The payment was seen to be refunded in full; that ends an inquiry, though the bank closes it later. */
  refunded_at: number | null;
  fetched_at: number;
  /** Rises with every change of what the card shows. */
  version: number;
  /** The time left is counted from here. */
  counted_at: number;
  decision: DisputeDecision | null;
  decided_run: string | null;
  decided_by: string | null;
  decided_at: number | null;
};

/** What Stripe said, without what was decided here and how it is shown. */
export type DisputeFacts = Omit<
  DisputeRow,
  'decision' | 'decided_run' | 'decided_by' | 'decided_at' | 'version' | 'counted_at' | 'refunded_at'
>;

export async function findDispute(sql: Sql, id: string): Promise<DisputeRow | undefined> {
  return sql<DisputeRow>('disputes').where({ id }).first();
}

/** Open ones, the soonest deadline first; those without one last. */
export async function listOpenDisputes(sql: Sql, limit = 100): Promise<DisputeRow[]> {
  return sql<DisputeRow>('disputes')
    .whereNull('closed_at')
    .orderByRaw('due_by is null, due_by, opened_at, id')
    .limit(limit);
}

/** Newest first. */
export async function listClosedDisputes(sql: Sql, limit: number): Promise<DisputeRow[]> {
  return sql<DisputeRow>('disputes').whereNotNull('closed_at').orderBy('opened_at', 'desc').limit(limit);
}

/** Of one of our customers, newest first. */
export async function listDisputesOfCustomer(sql: Sql, customerId: string): Promise<DisputeRow[]> {
  return sql<DisputeRow>('disputes')
    .where({ customer_id: customerId })
    .orderBy([{ column: 'opened_at', order: 'desc' }, 'id'])
    .limit(100);
}

/** Of a Stripe customer, linked or not. */
export async function listOpenDisputesAtStripe(sql: Sql, stripeCustomerId: string): Promise<DisputeRow[]> {
  return sql<DisputeRow>('disputes')
    .where({ stripe_customer_id: stripeCustomerId })
    .whereNull('closed_at')
    .orderBy('id')
    .limit(100);
}

/** Open formal disputes of one of our customers. */
export async function listFormalDisputes(sql: Sql, customerId: string): Promise<DisputeRow[]> {
  return sql<DisputeRow>('disputes')
    .where({ customer_id: customerId, phase: 'dispute' })
    .whereNull('closed_at')
    .orderBy('id');
}

export async function listDisputesOfCharge(sql: Sql, chargeId: string): Promise<DisputeRow[]> {
  return sql<DisputeRow>('disputes')
    .where({ charge_id: chargeId })
    .orderBy([{ column: 'opened_at', order: 'desc' }, 'id']);
}

/** By any of its ids: a dispute may be known before its payment is. Newest first. */
export async function listDisputesOfPayment(
  sql: Sql,
  payment: { id: string; charge_id: string | null; payment_intent_id: string | null },
): Promise<DisputeRow[]> {
  return sql<DisputeRow>('disputes')
    .where((row) => {
      row.where({ payment_id: payment.id });
      if (payment.charge_id) row.orWhere({ charge_id: payment.charge_id });
      if (payment.payment_intent_id) row.orWhere({ payment_intent_id: payment.payment_intent_id });
    })
    .orderBy([{ column: 'opened_at', order: 'desc' }, 'id']);
}

/** By the dispute, its charge, its payment intent or its invoice; newest first. */
export async function listDisputesByAnyId(sql: Sql, id: string): Promise<DisputeRow[]> {
  return sql<DisputeRow>('disputes')
    .where({ id })
    .orWhere({ charge_id: id })
    .orWhere({ payment_intent_id: id })
    .orWhere({ payment_id: id })
    .orderBy([{ column: 'opened_at', order: 'desc' }, 'id'])
    .limit(100);
}

/** Writes down what Stripe says now; what was decided about it stays. */
export async function upsertDispute(sql: Sql, facts: DisputeFacts): Promise<void> {
  await sql('disputes')
    .insert({ ...facts, counted_at: facts.fetched_at })
    .onConflict('id')
    .merge(facts);
}

/** The payment is refunded in full, or, with null, it is not after all. */
export async function setDisputeRefunded(sql: Sql, id: string, at: number | null): Promise<void> {
  await sql('disputes').where({ id }).update({ refunded_at: at });
}

/** What the card shows has changed, or the time that is left. */
export async function touchDispute(sql: Sql, id: string, now: number): Promise<void> {
  await sql('disputes')
    .where({ id })
    .update({ version: sql.raw('version + 1'), counted_at: now });
}

/**
 * Writes down what was decided and by which run. False when another run's decision stands: of several at once exactly
 * one wins. The same run again is true.
 */
export async function recordDecision(
  sql: Sql,
  id: string,
  by: { decision: DisputeDecision; runId: string; actor: string; now: number },
): Promise<boolean> {
  const changed = await sql('disputes')
    .where({ id })
    .where((row) => row.whereNull('decision').orWhere({ decision: by.decision, decided_run: by.runId }))
    .update({ decision: by.decision, decided_run: by.runId, decided_by: by.actor, decided_at: by.now });
  return changed === 1;
}

/** What was decided came to nothing at Stripe: the dispute is open for another decision. */
export async function withdrawDecision(sql: Sql, id: string, runId: string): Promise<void> {
  await sql('disputes')
    .where({ id, decided_run: runId })
    .update({ decision: null, decided_run: null, decided_by: null, decided_at: null });
}

export type DisputeStepRow = { dispute_id: string; seq: number; status: string; at: number };

/** The statuses seen, in the order in which they were seen. */
export async function listDisputeSteps(sql: Sql, disputeId: string): Promise<DisputeStepRow[]> {
  return sql<DisputeStepRow>('dispute_steps').where({ dispute_id: disputeId }).orderBy('seq');
}

export async function insertDisputeStep(sql: Sql, row: DisputeStepRow): Promise<void> {
  await sql('dispute_steps').insert(row);
}
