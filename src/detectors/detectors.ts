import { balanceStuck } from './balance-stuck.ts';
import { correlationMissing } from './correlation-missing.ts';
import { creditsNotDecrementing } from './credits-not-decrementing.ts';
import { creditsNotGranted } from './credits-not-granted.ts';
import type { Detector } from './detector.ts';
import { eventFailedTwice } from './event-failed-twice.ts';
import { paidWithoutChange } from './paid-without-change.ts';
import { portalError } from './portal-error.ts';
import { signaturesRefused } from './signatures-refused.ts';
import { wrongTier } from './wrong-tier.ts';

/** The checks of `customer diagnose` that are asked of everybody; the order in which they look. */
export const detectors: readonly Detector[] = [
  eventFailedTwice,
  paidWithoutChange,
  wrongTier,
  creditsNotGranted,
  creditsNotDecrementing,
  balanceStuck,
  portalError,
  correlationMissing,
  signaturesRefused,
];
