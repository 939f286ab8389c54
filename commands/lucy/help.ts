import { z } from 'zod';
import { allowedOf, mayRun } from '#src/policy/authorise.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { describeCommand, describeCommands } from '#src/runner/describe-command.ts';
import { optionalTextField } from '#src/runner/fields.ts';
import { unknownCommand } from '#src/runner/parse-line.ts';

export const help = defineLookup({
  name: 'help',
  summary: 'What Lucy can do for you, or how one command is typed',
  examples: ['help', 'help credits grant', 'help tier'],
  allowed: 'everyone',
  effect: 'reads',
  input: z.object({ command: optionalTextField(100, { label: 'Command', placeholder: 'credits grant' }) }),
  positionals: ['command'],
  takesRest: true,

  async answer({ command: typed }, { commands, settings, cause }) {
    const mine = commands.filter((command) => mayRun(settings, command, cause.actor));
    if (typed === undefined) return describeCommands(mine, `You can run ${mine.length} commands.`);
    const words = typed
      .toLowerCase()
      .replace(/^\/?lucy\s+/, '')
      .split(/\s+/)
      .join(' ');
    const exact = commands.find((command) => command.name === words);
    if (exact)
      return describeCommand({ ...exact, allowed: allowedOf(settings, exact) }, mine.includes(exact));
    const ofNoun = commands.filter((command) => command.name.startsWith(`${words} `));
    if (ofNoun.length > 0) return describeCommands(ofNoun, `This is what Lucy does with “${words}”.`);
    throw unknownCommand(commands, words);
  },
});
