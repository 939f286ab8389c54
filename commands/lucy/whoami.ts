import { z } from 'zod';
import { listed } from '#src/core/text.ts';
import { mayRun } from '#src/policy/authorise.ts';
import { explainRoles } from '#src/policy/explain-roles.ts';
import { limitsOf } from '#src/policy/limits.ts';
import { defineLookup } from '#src/runner/define-command.ts';
import { nounLines } from '#src/runner/describe-command.ts';

export const whoami = defineLookup({
  name: 'whoami',
  summary: 'Who Lucy thinks you are, and what you may do',
  examples: ['whoami'],
  allowed: 'everyone',
  effect: 'reads',
  input: z.object({}),
  positionals: [],

  async answer(_input, { settings, commands, cause }) {
    const { actor } = cause;
    const origins = explainRoles(settings, actor);
    const mine = commands.filter((command) => mayRun(settings, command, actor));
    const limits = limitsOf(settings, commands, actor);
    return {
      tone: 'info',
      title: `You are ${actor.name}, ${actor.roles.length > 0 ? `with the ${actor.roles.length > 1 ? 'roles' : 'role'} ${listed(actor.roles)}` : 'with no role yet'}.`,
      facts: [
        { label: 'Id', value: { code: actor.id } },
        {
          label: 'Person',
          value: actor.person === actor.id ? 'Not under people: in lucy.config.yml' : actor.person,
        },
        ...origins.map(({ role, from }) => ({ label: role, value: from })),
      ],
      sections: [
        { heading: 'You may run', lines: nounLines(mine) },
        ...(limits.length > 0
          ? [
              {
                heading: 'How far you may go',
                lines: limits.map(({ command, limit }) => [{ code: command }, limit]),
              },
            ]
          : []),
      ],
      ...(actor.roles.length === 0
        ? { hint: 'Ask an admin to add you to the right user group, or under people: in lucy.config.yml.' }
        : {}),
      json: {
        id: actor.id,
        name: actor.name,
        person: actor.person,
        roles: origins,
        commands: mine.map(({ name }) => name),
        limits,
      },
    };
  },
});
