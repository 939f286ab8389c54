/** Commands that do the same thing by other means count together, so that changing the means is no way round a limit. */
const counters: Readonly<Record<string, string>> = {
  'credits import': 'credits grant',
  'customer import': 'credits grant',
};

/** Under which name today's usage of a command is counted. */
export function counterOf(command: string): string {
  return Object.hasOwn(counters, command) ? (counters[command] ?? command) : command;
}
