import type { Sql } from '#db/connection.ts';
import { findNamesAmong } from '#db/customers.ts';
import { UserError } from '#src/core/errors.ts';
import type { Settings } from '#src/core/settings.ts';

type Rule = { pattern: RegExp; what(found: string): string };

/** What never belongs on a page that everybody reads. */
const rules: readonly Rule[] = [
  { pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/i, what: (found) => `“${found}” is a mail address` },
  {
    pattern: /\b[a-z]{2,8}_[0-9A-Za-z]{8,}\b/,
    what: (found) => `“${found}” is an internal id`,
  },
  {
    pattern:
      /\b(?:cor|run|led|lot|cust|aud|apr|alr|inc|eff|fnd|evt|cus|sub|si|in|ch|pi|py|re|du|dp|we|acct|price|prod)_[A-Za-z0-9]{4,}/,
    what: (found) => `“${found}” is an internal id`,
  },
  {
    pattern: /\b[A-Z]{2,8}-\d+\b/i,
    what: (found) =>
      /^(?!inc-|drill-|zd-)[a-z]/.test(found)
        ? `“${found}” is the name of a machine`
        : `“${found}” is our own number for it`,
  },
  { pattern: /\b[UWCGD][A-Z0-9]{8,}\b/, what: (found) => `“${found}” is somebody or some place in Slack` },
  {
    pattern: /\+\d[\d\s().-]{6,}\d|\b0\d{2,}[\s/-]?\d{5,}\b/,
    what: (found) => `“${found}” is a phone number`,
  },
  {
    pattern: /\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:]*/i,
    what: (found) => `“${found}” is the address of a machine`,
  },
  {
    pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/i,
    what: (found) => `“${found}” is an internal id`,
  },
  { pattern: /\b(?:\d{1,3}\.){3}\d{1,3}\b/, what: (found) => `“${found}” is the address of a machine` },
  {
    pattern:
      /\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|app|cloud|internal|local|lan|svc|gmbh|example|co|eu|de|fr|uk|nl|es|pl|ch|ca|ai|se|fi|dk|ie|pt|cz|jp|cn|br|au|nz|info|biz|tech|test)\b/i,
    what: (found) => `“${found}” is the name of a machine or a site`,
  },
  {
    pattern:
      /\b(?:blame[ds]?|at fault|[’']s fault|fault of|human error|careless\w*|negligen\w*|incompeten\w*|screwed up|messed up|forgot|stupid\w*)/i,
    what: (found) => `“${found}” blames somebody`,
  },
];

/** Words of those who mend it, which say nothing to a customer, or promise them too much. */
const inside: readonly Rule[] = [
  {
    pattern:
      /\b(?:HTTP[ -]?)?[45](?:\d\d|xx)s?\b(?=s\b|[ -](?:errors?|responses?|status)\b)|\b[45](?:\d\d|xx)s\b|\bHTTP[ -]?[1-5](?:\d\d|xx)\b/i,
    what: (found) => `“${found}” is a code of machines: say what does not work`,
  },
  {
    pattern:
      /\bETA\b[^.;,!?]{0,20}|\b(?:in|within) (?:about |around |the next |less than )?(?:\d+|an?|a few|two|three|five|ten|fifteen|thirty) ?(?:min(?:ute)?s?|h(?:ours?)?)\b|\bby \d{1,2}(?::\d{2}| ?[ap]m)\b/i,
    what: (found) => `“${found.trim()}” promises a time, which nobody knows yet`,
  },
  {
    pattern: /\b[a-z]+(?:-[a-z]+)*-\d+\b/,
    what: (found) => `“${found}” is the name of a machine`,
  },
  {
    pattern:
      /\b(?:pg|postgres(?:ql)?|redis|mysql|sqlite|kafka|k8s|kubernetes|nginx|deadlocks?|oom|segfaults?|stack ?traces?|null pointer|pods?|crash ?loop\w*|cron ?jobs?|load balancers?|replicas?|failover|hotfix)\b(?: (?:deadlocks?|replicas?|errors?|pods?))?/i,
    what: (found) => `“${found}” is a word of engineers: say what does not work`,
  },
];

const WORDS_OF_A_NAME = 4;

/**
 * Refuses a text that names a customer, a colleague, a machine or an internal id, or blames somebody: an update says
 * what does not work, for whom in general, and when the next word comes.
 *
 * A customer chooses their own name, which may be an everyday word: whoever means the word says so.
 *
 * @throws UserError that names everything found
 */
export async function requirePublishable(
  sql: Sql,
  settings: Settings,
  field: string,
  text: string,
  areNamesMeant: boolean,
): Promise<void> {
  const names = areNamesMeant ? [] : await customers(sql, text);
  const found = [...byRule(text), ...colleagues(settings, text), ...names];
  if (found.length === 0) return;
  throw new UserError(
    'invalid',
    `Customers would read what is not for them: ${found.join('; ')}.`,
    `Say what does not work and what you do about it, without names, addresses or ids, and without a time that you may not keep.${
      names.length > 0 ? ' If a name is meant as an everyday word, add --names-ok.' : ''
    }`,
    { [field]: `Not for customers: ${found.join('; ')}.` },
  );
}

function byRule(text: string): string[] {
  // What one rule has named is not named again by the next: a mail address is no site besides.
  let left = text;
  return [...rules, ...inside].flatMap(({ pattern, what }) => {
    const found = pattern.exec(left)?.[0];
    if (!found) return [];
    left = left.replaceAll(found, ' ');
    return [what(found)];
  });
}

function colleagues(settings: Settings, text: string): string[] {
  const words = new Set(text.match(/[\p{L}\p{N}]+/gu) ?? []);
  return Object.values(settings.people).flatMap(({ name }) =>
    name.split(/\s+/).some((part) => part.length > 1 && words.has(part)) ? [`“${name}” is a colleague`] : [],
  );
}

/** Runs of one to four words are looked up as they stand: an index answers, however many customers there are. */
async function customers(sql: Sql, text: string): Promise<string[]> {
  const runs = new Set([...runsOf(text.toLowerCase()), ...runsOf(lowerAscii(text))]);
  const names = await findNamesAmong(
    sql,
    [...runs].filter((run) => run.length > 2),
  );
  return names.map((name) => `“${name}” is a customer`);
}

/** As SQLite lowers: other letters stay as they are. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function runsOf(text: string): string[] {
  const words = text.match(/[\p{L}\p{N}&.'’-]+/gu) ?? [];
  const runs = new Set<string>();
  for (let start = 0; start < words.length; start++)
    for (let length = 1; length <= WORDS_OF_A_NAME && start + length <= words.length; length++) {
      const run = words.slice(start, start + length).join(' ');
      runs.add(run);
      runs.add(run.replace(/[.’']+s?$|[.]$/u, ''));
    }
  return [...runs];
}
