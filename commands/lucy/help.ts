import { z } from 'zod';
import { allowedOf, mayRun } from '#src/policy/authorise.ts';
import { nounOf } from '#src/runner/command-label.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { describeCommand, describeCommands, describeNouns } from '#src/runner/describe-command.ts';
import { optionalTextField } from '#src/runner/fields.ts';
import { unknownCommand } from '#src/runner/match-command.ts';
import { whoElse } from '#src/runner/who-else.ts';

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
    if (typed === undefined) {
      const title = `You can run ${mine.length} commands.`;
      // A message in Slack has no room for a line each.
      return cause.surface === 'slack' ? describeNouns(mine, title) : describeCommands(mine, title);
    }
    const words = typed
      .toLowerCase()
      .replace(/^\/?lucy\s+/, '')
      .split(/\s+/)
      .join(' ');
    const exact = commands.find((command) => command.name === words);
    if (exact)
      return describeCommand({ ...exact, allowed: allowedOf(settings, exact) }, mine.includes(exact));
    const ofNoun = commands.filter((command) => nounOf(command) === words);
    if (ofNoun.length > 0) {
      const title =
        words === 'lucy' ? 'These stand for themselves.' : `This is what Lucy does with “${words}”.`;
      return describeCommands(ofNoun, title, ({ name }) =>
        whoElse({ commands, settings }, cause.actor, name),
      );
    }
    throw unknownCommand(commands, words);
  },
});
