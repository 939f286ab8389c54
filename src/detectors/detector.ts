import type { FindingRow } from '#db/findings.ts';
import type { BillingDeps } from '#src/billing-events/deps.ts';
import type { FindingKind } from '#src/findings/open.ts';
import type { TroubleId } from '#src/routing/troubles.ts';

/** What a detector looks for; each goes to the team that the support runbook names for it. */
export type DetectedKind = Extract<FindingKind, TroubleId>;

/** One trouble of one customer, or of everybody. */
export type Defect = {
  /** What it is about, once: our customer where it is one’s. */
  subject: string;
  customerId: string | null;
  /** A sentence that stands alone. */
  summary: string;
  details: Details;
};

/** Kept as the finding’s evidence. */
export type Details = {
  email: string | null;
  /** What shows it; a sentence each. */
  lines: string[];
  /** Rows by their ids, to look again whether it is still so. */
  ids: string[];
  remedy: { label: string; line: string } | null;
};

export type Look = {
  defects: Defect[];
  mark: string;
  /** Up to when everything was looked at that is due for it; the present where nothing is left. */
  seenUntil: number;
  /** Its page was full, so that there may be more. */
  isFull: boolean;
};

/** A row of the support runbook asked of all customers at once, again and again. */
export type Detector = {
  kind: DetectedKind;
  /**
   * What is new behind the mark, bounded and by index alone, and the mark for the next look. Without a mark it begins
   * with what happens from now on, so that a first start accuses nobody of the past.
   */
  look(deps: BillingDeps, mark: string | null, now: number): Promise<Look>;
  /** Whether an open finding is still so. */
  isStill(deps: BillingDeps, finding: FindingRow, details: Details, now: number): Promise<boolean>;
};
