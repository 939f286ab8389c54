import type { Actor } from '#src/core/actor.ts';
import { mayRun } from '#src/policy/authorise.ts';
import type { Command } from '#src/runner/define-command.ts';
import type { Runner } from '#src/runner/runner.ts';

/** Of the runner: what there is, and who may do it. */
export type Known = Pick<Runner, 'commands' | 'settings'>;

export type CommandGroup = { heading: string; commands: { label: string; command: Command }[] };

/** What a person may run, by noun: `Credits`: Show, Grant, … Commands of one word stand together under `Lucy`. */
export function commandGroups({ commands, settings }: Known, actor: Actor): CommandGroup[] {
  const groups = new Map<string, CommandGroup>();
  for (const command of commands.filter((candidate) => mayRun(settings, candidate, actor))) {
    const [noun = '', ...verb] = command.name.split(' ');
    const heading = verb.length > 0 ? capital(noun) : 'Lucy';
    const group = groups.get(heading) ?? { heading, commands: [] };
    group.commands.push({ label: capital(verb.join(' ').replaceAll('-', ' ') || noun), command });
    groups.set(heading, group);
  }
  const own = groups.get('Lucy');
  groups.delete('Lucy');
  return [...groups.values(), ...(own ? [own] : [])];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
