import { expect, test } from 'vitest';
import { commands } from '#commands/index.ts';
import { fillLine } from '#src/runbooks/fill-line.ts';
import { later } from '#src/runbooks/later.ts';
import { commandsOfRunbooks, commandWords, procedures } from '#src/runbooks/procedures.ts';
import { parseLine } from '#src/runner/parse-line.ts';

const lines = procedures.flatMap(({ name, steps }) =>
  steps.flatMap((step) => (step.lines ?? []).map((line) => ({ runbook: name, line }))),
);
const ready = lines.filter(({ line }) => !later.has(commandWords(line)));

test('the check sees every procedure of the two documents', () => {
  expect(procedures.filter(({ source }) => source === 'Operations playbook')).toHaveLength(7);
  expect(
    procedures.filter(({ source }) => source.startsWith('Support runbook')).map(({ source }) => source),
  ).toEqual([1, 2, 3, 3, 4, 5, 6].map((section) => `Support runbook, section ${section}`));
  expect(ready.length).toBeGreaterThan(20);
});

test('every command that a runbook names is there, or is known to come later', () => {
  const names = commands.map(({ name }) => name);
  expect([...commandsOfRunbooks()].filter((name) => !names.includes(name) && !later.has(name))).toEqual([]);
});

test('what came by now is no longer called later: take it out of src/runbooks/later.ts', () => {
  const named = commandsOfRunbooks();
  expect(commands.map(({ name }) => name).filter((name) => later.has(name))).toEqual([]);
  expect([...later].filter((name) => !named.has(name))).toEqual([]);
});

test.each(ready)('$runbook: “$line” is understood, with and without what is known', ({ line }) => {
  const full = parseLine(commands, fillLine(line, { customer: 'sofia@firm.com', ticket: 'ZD-812' }));
  const bare = parseLine(commands, fillLine(line, {}));

  expect(full.command.name).toBe(commandWords(line));
  expect(bare.command.name).toBe(commandWords(line));
  for (const { command, raw } of [full, bare])
    for (const [name, value] of Object.entries(raw)) {
      const read = command.input.shape[name]?.safeParse(value);
      expect(read?.success, `${line}: ${name}=${value}`).toBe(true);
    }
  // What is left out takes nothing else’s place.
  expect(full.raw).toEqual(expect.objectContaining(bare.raw));
});

test('what ticks a step by itself leaves a trace: lookups do not', () => {
  const lookups = commands.filter(({ effect }) => effect === 'reads').map(({ name }) => name);
  const ticking = procedures.flatMap(({ steps }) =>
    steps.flatMap(({ ticksBy }) => (ticksBy && 'commands' in ticksBy ? ticksBy.commands : [])),
  );
  expect(ticking.filter((name) => lookups.includes(name))).toEqual([]);
});

test('names and keys are there once, and every sentence ends as one', () => {
  expect(new Set(procedures.map(({ name }) => name)).size).toBe(procedures.length);
  for (const { name, when, steps } of procedures) {
    expect(new Set(steps.map(({ key }) => key)).size, name).toBe(steps.length);
    for (const sentence of [
      when,
      ...steps.flatMap(({ says, instead }) => [says, ...(instead ? [instead] : [])]),
    ])
      expect(sentence, name).toMatch(/[.?…]$/);
  }
});
