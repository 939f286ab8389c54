/** What the evidence says of a step: it is done, by whom and since when; or why not yet. */
export type Verdict =
  | { kind: 'ticked'; by: string; at: number; note: string }
  | { kind: 'open'; why: string | null };
