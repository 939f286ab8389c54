/** What is wrong with the audit, and where. */
export type Problem = {
  /**
   * `altered`: a row or its seal is not what was sealed; `deleted`: a sealed row is gone; `gap`: a seal is gone, or
   * one was put in; `head`: the chain ends elsewhere than it must; `anchor`: it is not what was told outside;
   * `stray`: a row that is neither sealed nor waiting to be.
   */
  kind: 'altered' | 'deleted' | 'gap' | 'head' | 'anchor' | 'stray';
  seq: number | null;
  auditId: string | null;
  /** A sentence that stands alone. */
  sentence: string;
};

const KEPT_MAX = 20;

/** The first problems, in the order of the chain, and how many there are. */
export class Problems {
  readonly first: Problem[] = [];
  count = 0;

  add(kind: Problem['kind'], place: { seq?: number; auditId?: string }, sentence: string): void {
    this.count++;
    if (this.first.length < KEPT_MAX)
      this.first.push({ kind, seq: place.seq ?? null, auditId: place.auditId ?? null, sentence });
  }
}
