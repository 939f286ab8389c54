import { distance } from 'fastest-levenshtein';
import type { Settings } from '#src/core/settings.ts';
import type { Problem } from '#src/core/settings-cross-checks.ts';

type Commanded = { name: string; effect: string };

/** What `policy:` says of commands that are not there, or that it cannot mean. */
export function policyProblems(settings: Settings, commands: readonly Commanded[]): Problem[] {
  return Object.entries(settings.policy).flatMap(([name, rule]): Problem[] => {
    const path = `policy.${name}`;
    const command = commands.find((candidate) => candidate.name === name);
    if (!command) return [[path, unknownCommand(name, commands)]];
    if (command.effect === 'reads')
      return rule.steps ? [[`${path}.steps`, `“${name}” only looks something up; leave steps out`]] : [];
    if (name.startsWith('approval ') && rule.steps?.some((step) => step.up_to ?? step.approvers))
      return [
        [
          `${path}.steps`,
          'an answer has no amount and needs no approval itself; leave up_to and approvers out',
        ],
      ];
    if (rule.steps || command.effect === 'reversible') return [];
    return [
      [path, `“${name}” needs steps, because this rule replaces the default; see lucy.config.sample.yml`],
    ];
  });
}

function unknownCommand(name: string, commands: readonly Commanded[]): string {
  const [nearest] = [...commands].sort((a, b) => distance(a.name, name) - distance(b.name, name));
  const hint = nearest && distance(nearest.name, name) <= 3 ? `; did you mean “${nearest.name}”` : '';
  return `there is no command “${name}”${hint}`;
}
