/**
 * The seeds' own spellings keep working in the terminal: `grant-credits`, `set-subscription`, `verify-email` (operations
 * playbook, manual account adjustments) and `entitlements adjust` (support runbook, section 3). Each is turned into
 * the words of the command that does it now.
 */
type Spelling = { words: readonly string[]; means: string; translate(flags: string[]): string[] | null };

export const seedSpellings: readonly Spelling[] = [
  { words: ['grant-credits'], means: 'credits grant', translate: (flags) => ['credits', 'grant', ...flags] },
  {
    words: ['set-subscription'],
    means: 'subscription set',
    translate: (flags) => ['subscription', 'set', ...flags],
  },
  {
    words: ['verify-email'],
    means: 'customer verify-email',
    translate: (flags) => ['customer', 'verify-email', ...flags],
  },
  {
    words: ['entitlements', 'adjust'],
    means: 'credits grant, credits consume or tier set',
    translate: translateAdjust,
  },
];

/** The tokens as Lucy's own words, or as they came. Null when `entitlements adjust` names no act, or more than one. */
export function translateSeedSpelling(tokens: readonly string[]): string[] | null {
  const spelling = seedSpellings.find(({ words }) => words.every((word, index) => tokens[index] === word));
  return spelling ? spelling.translate(tokens.slice(spelling.words.length)) : [...tokens];
}

const acts: Record<string, { command: string[]; flag: string }> = {
  '--grant-credits': { command: ['credits', 'grant'], flag: '--count' },
  '--consume-credits': { command: ['credits', 'consume'], flag: '--count' },
  '--set-tier': { command: ['tier', 'set'], flag: '--tier' },
};

function translateAdjust(flags: readonly string[]): string[] | null {
  if (flags.includes('--help')) return ['entitlements', 'adjust', '--help'];
  const nameOf = (flag: string) => flag.split('=')[0] ?? '';
  const named = flags.filter((flag) => Object.hasOwn(acts, nameOf(flag)));
  const act = named.length === 1 ? acts[nameOf(named[0] ?? '')] : undefined;
  if (!act) return null;
  return [
    ...act.command,
    ...flags.map((flag) => (named.includes(flag) ? flag.replace(nameOf(flag), act.flag) : flag)),
  ];
}
