import type { TeamKey } from '#src/core/settings-routing.ts';

/** What can be wrong, by the name that checks, findings and `escalate --about` use. */
export type TroubleId =
  | 'wrong_tier'
  | 'payment_in_grace'
  | 'payment_overdue'
  | 'credits_not_granted'
  | 'credits_not_decrementing'
  | 'portal_error'
  | 'balance_stuck'
  | 'paid_without_change'
  | 'correlation_missing'
  | 'signatures_refused'
  | 'event_failed_twice'
  | 'dispute_or_lock'
  | 'mail_undelivered';

export type Trouble = {
  /** In the support runbook’s words. */
  title: string;
  /** Whom the runbook escalates to; null where it names nobody. */
  team: TeamKey | null;
  /** Where it says so. */
  seed: string;
};

/** The support runbook’s table of scenarios (quick reference) and its escalation criteria (section 5), row by row. */
export const troubles: Readonly<Record<TroubleId, Trouble>> = {
  wrong_tier: {
    title: 'Missing upgrade or wrong tier',
    team: 'billing_engineering',
    seed: 'Support runbook, quick reference: billing engineering after 2 failed retries',
  },
  payment_in_grace: {
    title: 'Payment failed, in grace',
    team: null,
    seed: 'Operations playbook, failed payments',
  },
  payment_overdue: {
    title: 'Payment failed, grace over',
    team: null,
    seed: 'Operations playbook, failed payments',
  },
  credits_not_granted: {
    title: 'AI credits not granted',
    team: 'backend_engineering',
    seed: 'Support runbook, quick reference: backend engineering if the grant event is absent',
  },
  credits_not_decrementing: {
    title: 'AI credits not decrementing',
    team: 'data_platform',
    seed: 'Support runbook, quick reference: data platform team',
  },
  portal_error: {
    title: 'Billing portal error',
    team: 'stripe_support',
    seed: 'Support runbook, quick reference: Stripe support',
  },
  balance_stuck: {
    title: 'Credit balance negative or stuck',
    team: 'data_platform',
    seed: 'Support runbook, section 5: data platform',
  },
  paid_without_change: {
    title: 'Stripe reports successful payment but no entitlement change',
    team: 'billing_engineering',
    seed: 'Support runbook, section 5: billing engineering',
  },
  correlation_missing: {
    title: 'Correlation ID missing or logs unavailable',
    team: 'devops',
    seed: 'Support runbook, section 5: DevOps',
  },
  signatures_refused: {
    title: 'Repeated webhook signature failures',
    team: 'stripe_support',
    seed: 'Support runbook, section 5: a Stripe support ticket, after Lucy’s own diagnosis',
  },
  event_failed_twice: {
    title: 'A Stripe event failed twice',
    team: 'billing_engineering',
    seed: 'Support runbook, section 4: the billing engineering rotation',
  },
  dispute_or_lock: {
    title: 'Open dispute or fraud lock',
    team: null,
    seed: 'Operations playbook, Stripe subscription disputes',
  },
  mail_undelivered: {
    title: 'Follow-up mail not delivered',
    team: null,
    seed: 'Operations playbook, failed payments 4',
  },
};
