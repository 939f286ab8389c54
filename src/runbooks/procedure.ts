import type { EvidenceName } from './evidence.ts';

/** A procedure of the playbook or the support runbook. */
export type Procedure = {
  /** What people type. */
  name: string;
  title: string;
  /** Which page of the team’s documents it holds. */
  source: string;
  /** When to take it; a sentence. */
  when: string;
  steps: readonly Step[];
  /** Its card holds the summary of all that was done, to paste into the ticket. */
  hasSummary?: true;
};

export type Step = {
  /** Stays the same when the words change, so that what is being worked through keeps its place. */
  key: string;
  /** What to do; a sentence. */
  says: string;
  /**
   * The commands that do it. Words in capitals stand for what is filled in: CUSTOMER, TICKET, EVENT, TIER, COUNT, TEXT. What
   * is not known is left out, and the form asks for it.
   */
  lines?: readonly string[];
  /** What the written procedure says, where Lucy does something else, and why; a sentence. */
  instead?: string;
  /** What ticks it without a click: one of these commands was done, or this is so. */
  ticksBy?: { commands: readonly string[] } | { evidence: EvidenceName };
};
