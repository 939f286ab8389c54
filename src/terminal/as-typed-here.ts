import type { Command } from '#src/runner/define-command.ts';

/** Hints name commands as staff say them; at the terminal each is typed after the program's name: `lucy dispute list`. */
export function asTypedHere(hint: string, commands: readonly Pick<Command, 'name'>[]): string {
  const names = commands.map(({ name }) => name).join('|');
  return hint.replace(new RegExp(`(: |“)(?=(?:${names})(?![\\w-]))`, 'g'), '$1lucy ');
}
