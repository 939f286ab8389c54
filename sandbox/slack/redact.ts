/** What must never be shown in the wire log: tokens, signatures, and URLs that let anyone answer for Lucy. */
const secrets: [RegExp, string][] = [
  [/\b(xox[a-z]|xapp)-[\w-]+/g, '$1-[redacted]'],
  [/\bv0=[0-9a-f]{64}\b/g, 'v0=[redacted]'],
  [/(\/(?:commands|actions|app)\/[A-Z0-9]+\/)[\w/-]+/g, '$1[redacted]'],
  [/("token":\s*")[^"]+/g, '$1[redacted]'],
  [/(ticket=)[\w-]+/g, '$1[redacted]'],
];

export function redact(text: string): string {
  return secrets.reduce((present, [pattern, replacement]) => present.replace(pattern, replacement), text);
}
