/**
 * What becomes of a value in an anonymised copy. Null stays null everywhere.
 *
 * - `keep`: as it is. Only for numbers, and for words that the schema itself enumerates.
 * - `word`: a word that our code or Stripe chooses from a list stays (`past_due`, `credits grant`); what does not look
 *   like one becomes a pseudonym.
 * - `command`: the name of something that Lucy does, also where nobody types it (`stripe sync`), stays.
 * - `id`: a pseudonym, the same one wherever it stands, in the form of what it replaces. The words of a key stay.
 * - `foreign`: the same for what others chose: a word of ours in it may be a name.
 * - `plain`: a day, a moment, a version of Stripe's API; anything else becomes a pseudonym.
 * - `email`, `name`: a pseudonym in that form.
 * - `currency`: three letters stay.
 * - `mode`: Stripe's test mode, because a copy is never looked at with live keys.
 * - `text`: what a person wrote; as many characters of filler.
 * - `phrase`: a command line or a code of ours stays, with pseudonyms in it; anything else is filler.
 * - `hash`: another hash. What it was made of is anonymised, and it would prove a guess.
 * - `json`: keys that Lucy knows stay, numbers stay, text becomes a pseudonym or filler.
 * - `input`: the same for what was typed: words stay only when they are known ones.
 * - `meta`: what others put in; not even keys and numbers stay.
 * - `blank`, `null`: nothing.
 */
export const treatments = [
  'keep',
  'word',
  'command',
  'id',
  'foreign',
  'plain',
  'email',
  'name',
  'currency',
  'mode',
  'text',
  'phrase',
  'hash',
  'json',
  'input',
  'meta',
  'blank',
  'null',
] as const;
export type Treatment = (typeof treatments)[number];

/**
 * Which rows are one customer's: those that name the customer, those whose column is among another table's rows of
 * the customer, all of them, or none.
 */
export type Slice =
  | 'self'
  | 'customer'
  | 'all'
  | 'none'
  | readonly (readonly [column: string, among: string])[];

export type TableRule =
  | { slice: Slice; columns: Readonly<Record<string, Treatment>> }
  /** No row of it leaves. */
  | { leftOut: string };

/** Columns by treatment, each a list of names. */
export function table(slice: Slice, by: Partial<Record<Treatment, string>>): TableRule {
  const columns: Record<string, Treatment> = {};
  for (const treatment of treatments) {
    for (const column of by[treatment]?.split(' ') ?? []) columns[column] = treatment;
  }
  return { slice, columns };
}

export function leftOut(why: string): TableRule {
  return { leftOut: why };
}
