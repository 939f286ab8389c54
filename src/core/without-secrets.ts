import { withoutSecretLinks } from './secret-links.ts';

/** What opens something, or names somebody, by its look; in this order, for an earlier one may hold a later one. */
const secrets: readonly (readonly [RegExp, string])[] = [
  // An address that is written for an address; it is told by its look further down.
  [/%40/g, '@'],
  // A user and a password in an address, whatever signs the password has; the last @ before a space ends it.
  [/\/\/[^\s:@"'<>/?#]{0,200}:[^\s"'<>]{1,500}@/g, '//[secret]@'],
  [/https:\/\/hooks\.slack\.com\/[^\s"'<>]+/g, '[secret link]'],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, '$1 [secret]'],
  [
    /\b(authorization["']?\s{0,5}[:=]\s{0,5}["']?)(?!Bearer |Basic )[\w-]{1,30} [\w.~+/=-]{6,}/gi,
    '$1[secret]',
  ],
  [/\bxox[a-z](?:\.xox[a-z])?-[\w-]+/gi, '[key]'],
  [/\bxapp-[\w-]+/gi, '[key]'],
  [/\b(?:sk|rk|pk|ek)_(?:live|test)_\w+/g, '[key]'],
  [/\b(?:sk|rk|whsec|sntrys|sntryu|glsa|glc|gh[opsur]|github_pat)_\w+/g, '[key]'],
  [/\bglpat-[\w-]{10,}/g, '[key]'],
  [/\bA(?:KIA|SIA)[A-Z0-9]{12,}/g, '[key]'],
  [/\bSG\.[\w-]{10,}(?:\.[\w-]+)?/g, '[key]'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[key]'],
  // By the name before it: DB_PASSWORD=, accessToken:, "refresh_token":, ?sig=.
  [
    /(pass(?:word|wd|phrase)?|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|cookie|signature|(?<![a-z])(?:sig|pwd))([_-]?(?:id|hash|value)?["']?\s{0,5}[:=]\s{0,5})(?:"(?!\[)[^"\n]{1,2000}"?|'(?!\[)[^'\n]{1,2000}'?|(?!["'[])(?!(?:Bearer|Basic) \[)[^\s"',;&}]+)/gi,
    '$1$2[secret]',
  ],
  [
    /[^\s@<>"'“”‘’(),;:=|[\]{}/\\&?]{1,100}@[^\s@<>"'“”‘’(),;:=|[\]{}/\\&?.]{1,63}(?:\.[\p{L}\d-]{1,63}){1,8}/gu,
    '[mail]',
  ],
  [/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b/g, '[account]'],
  [/\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3,4}\b/g, '[number]'],
  [/\+\d[\d ()/-]{7,}\d/g, '[phone]'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '[ip]'],
];

/**
 * Takes keys, passwords, mail addresses, numbers of cards and telephones out of text that goes outside, or comes from
 * there: Sentry, the log index (ASVS 16.2.5). Ids such as `cor_…`, `run_…` and `cus_…` stay, for they are what one looks for.
 */
export function withoutSecrets(text: string): string {
  return secrets.reduce((said, [look, instead]) => said.replace(look, instead), withoutSecretLinks(text));
}

const quoted = /“[^”]*”|"[^"]*"|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu;

/** Takes what is quoted out, too: in Lucy’s own sentences and in those of databases that is what a person wrote. */
export function withoutQuotes(text: string): string {
  return text.replace(quoted, '“…”');
}
