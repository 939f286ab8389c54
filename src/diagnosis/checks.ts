import type { Check } from './check.ts';
import { balanceStuck } from './checks/balance-stuck.ts';
import { correlationMissing } from './checks/correlation-missing.ts';
import { creditsNotDecrementing } from './checks/credits-not-decrementing.ts';
import { creditsNotGranted } from './checks/credits-not-granted.ts';
import { disputeOrLock } from './checks/dispute-or-lock.ts';
import { eventFailedTwice } from './checks/event-failed-twice.ts';
import { mailUndelivered } from './checks/mail-undelivered.ts';
import { paidWithoutChange } from './checks/paid-without-change.ts';
import { paymentInGrace } from './checks/payment-in-grace.ts';
import { paymentOverdue } from './checks/payment-overdue.ts';
import { portalError } from './checks/portal-error.ts';
import { signaturesRefused } from './checks/signatures-refused.ts';
import { wrongTier } from './checks/wrong-tier.ts';

/** Every row of the support runbook that can be asked of a customer; what it is and who helps: src/routing/troubles.ts. */
export const checks: readonly Check[] = [
  wrongTier,
  paymentInGrace,
  paymentOverdue,
  paidWithoutChange,
  eventFailedTwice,
  creditsNotGranted,
  creditsNotDecrementing,
  balanceStuck,
  disputeOrLock,
  portalError,
  mailUndelivered,
  correlationMissing,
  signaturesRefused,
];
