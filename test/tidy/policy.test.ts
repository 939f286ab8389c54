import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { settingsSchema } from '#src/core/settings.ts';
import { policyCrossChecks } from '#src/core/settings-cross-checks.ts';
import { defaultPolicy } from '#src/policy/default-policy.ts';
import { policyProblems } from '#src/policy/policy-problems.ts';

test('every command that moves value or destroys has its row in the default policy', () => {
  const weighty = commands.filter(({ effect }) => effect === 'moves value' || effect === 'destructive');

  expect(weighty.length).toBeGreaterThan(2);
  for (const { name } of weighty) expect(Object.keys(defaultPolicy), name).toContain(name);
});

test('the default policy holds what it asks of a policy, and names commands that there are', () => {
  const settings = settingsSchema.parse({ policy: defaultPolicy });

  expect(policyCrossChecks(settings)).toEqual([]);
  expect(policyProblems(settings, commands)).toEqual([]);
});

test('a command that takes an amount says how much it is before it is planned', () => {
  const amounts = commands.filter((command) =>
    defaultPolicy[command.name]?.steps?.some((step) => step.up_to),
  );

  expect(amounts.length).toBeGreaterThan(1);
  for (const command of amounts) expect(command.measure, command.name).toBeTypeOf('function');
});
