import { roles } from './actor.ts';
import type { Settings } from './settings.ts';
import type { PolicyRule } from './settings-policy.ts';
import { memberId } from './settings-words.ts';

/** A path inside the file, and what is wrong there. */
export type Problem = [path: string, message: string];

/** One human has one entry: an id under two of them would be two people, who could approve each other. */
export function peopleProblems({ people }: Settings): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const [key, person] of Object.entries(people)) {
    const ids = [
      ...person.slack.map((id) => ['slack', id] as const),
      ...(person.terminal === undefined ? [] : [['terminal', person.terminal] as const]),
    ];
    for (const [kind, id] of ids) {
      const first = seen.get(`${kind}:${id}`);
      if (first) problems.push([`people.${key}.${kind}`, `“${id}” is already ${first}`]);
      else seen.set(`${kind}:${id}`, key);
    }
  }
  return problems;
}

export function policyCrossChecks(settings: Settings): Problem[] {
  return Object.entries(settings.policy).flatMap(([command, rule]) => [
    ...neverProblems(settings, `policy.${command}`, rule),
    ...tierProblems(settings, `policy.${command}`, rule),
    ...orderProblems(`policy.${command}`, rule),
  ]);
}

/** A misspelt name under `never` would deny nobody. */
function neverProblems(settings: Settings, path: string, rule: PolicyRule): Problem[] {
  const isKnown = (entry: string) =>
    roles.some((role) => role === entry) ||
    Object.hasOwn(settings.people, entry) ||
    memberId.safeParse(entry).success;
  return rule.never.flatMap((entry, index): Problem[] =>
    isKnown(entry)
      ? []
      : [[`${path}.never[${index}]`, `“${entry}” is no key under people, no Slack member id and no role`]],
  );
}

function tierProblems(settings: Settings, path: string, rule: PolicyRule): Problem[] {
  return (rule.steps ?? []).flatMap(({ up_to }, index): Problem[] =>
    up_to?.tier === undefined || settings.tiers.includes(up_to.tier)
      ? []
      : [[`${path}.steps[${index}].up_to.tier`, `“${up_to.tier}” is not one of tiers`]],
  );
}

/** Only so is more never judged milder than less, whoever asks. */
function orderProblems(path: string, rule: PolicyRule): Problem[] {
  const counts = (rule.steps ?? []).map((step) => step.approvers?.count ?? 0);
  return counts.flatMap((count, index): Problem[] =>
    count >= Math.max(0, ...counts.slice(0, index))
      ? []
      : [
          [
            `${path}.steps[${index}]`,
            'asks for fewer approvers than a step before it; put the milder step first',
          ],
        ],
  );
}
