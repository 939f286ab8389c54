import { lineWithFlags } from '#src/replies/line-with-flags.ts';

/** What is known of the case that a runbook is taken for. */
export type Filling = { customer?: string | undefined; ticket?: string | undefined };

const placeholder = /^[A-Z]{4,}$/;

/**
 * A step’s command with what is known put in, for a button. What is not known is left out together with its flag, so
 * that the command asks for it in its form.
 */
export function fillLine(template: string, { customer, ticket }: Filling): string {
  const known: Readonly<Record<string, string | undefined>> = { CUSTOMER: customer, TICKET: ticket };
  const words: string[] = [];
  const flags: [string, string | undefined][] = [];
  const tokens = template.split(' ');
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (token.startsWith('--')) {
      const value = tokens[++index] ?? '';
      flags.push([token.slice(2), placeholder.test(value) ? known[value] : value]);
    } else if (!placeholder.test(token)) words.push(token);
    else if (known[token] !== undefined) words.push(known[token]);
  }
  return lineWithFlags(words.join(' '), flags);
}
