import type { Command } from './define-command.ts';
import { isRequired } from './fields.ts';

/** `credits grant EMAIL COUNT --reason …`: positionals in capitals, required flags spelt out. */
export function usageOf(command: Command): string {
  const words = command.positionals.map((name) => {
    const schema = command.input.shape[name];
    const word = name.toUpperCase();
    return schema && isRequired(schema) ? word : `[${word}]`;
  });
  const flags = Object.entries(command.input.shape)
    .filter(([name, schema]) => !command.positionals.includes(name) && isRequired(schema))
    .map(([name]) => `--${name} …`);
  return [command.name, ...words, ...flags].join(' ');
}
