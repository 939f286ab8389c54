import { listed } from '#src/core/text.ts';
import type { Allowed } from '#src/policy/authorise.ts';
import type { Reply, Section, Value } from '#src/replies/reply.ts';
import { byNoun, capital, commandLabel } from './command-label.ts';
import type { Command } from './define-command.ts';
import { fieldMeta, isRequired } from './fields.ts';
import { flagOf } from './parse-line.ts';
import { usageOf } from './usage.ts';

/** Many commands: a section per noun, a line per command, with whom it is for where it is not for the reader. */
export function describeCommands(
  commands: readonly Command[],
  title: string,
  whoElse: (command: Command) => string | null = () => null,
): Reply {
  const sections: Section[] = byNoun(commands).map(([noun, rows]) => ({
    heading: noun,
    lines: rows.map((command): Value[] => {
      const others = whoElse(command);
      return [{ code: usageOf(command) }, command.summary, ...(others === null ? [] : [`(for ${others})`])];
    }),
  }));
  return {
    tone: 'info',
    title,
    sections,
    buttons: commands
      .filter((command) => whoElse(command) === null)
      .map(({ name }) => ({ kind: 'command', label: commandLabel(name), line: name })),
    hint: `More about one of them: help ${exampleOf(commands)}`,
    json: { commands: commands.map(commandJson) },
  };
}

/** Of one noun, its first command; of many, one that everybody knows. */
function exampleOf(commands: readonly Command[]): string {
  const isOneNoun = byNoun(commands).length === 1;
  return (isOneNoun ? commands[0]?.name : undefined) ?? 'credits grant';
}

/** Where there is no room for a line each: a line per noun, and a button that tells more of it. */
export function describeNouns(commands: readonly Command[], title: string): Reply {
  return {
    tone: 'info',
    title,
    sections: [{ heading: 'By what it is about', lines: nounLines(commands) }],
    buttons: byNoun(commands).map(([noun]) => ({
      kind: 'command',
      label: capital(noun),
      line: `help ${noun}`,
    })),
    hint: 'Press one to see its commands, or type one: help credits grant',
    json: { commands: commands.map(commandJson) },
  };
}

/** `credits`  audit, consume, grant … */
export function nounLines(commands: readonly Command[]): Value[][] {
  return byNoun(commands).map(([noun, rows]) => [
    { code: noun },
    rows.map(({ name }) => name.replace(`${noun} `, '')).join(', '),
  ]);
}

/** One command: how it is typed, what it takes, and examples. */
export function describeCommand(command: Command, isAllowed: boolean): Reply {
  return {
    tone: 'info',
    title: `${command.name}: ${command.summary}.`,
    facts: [
      { label: 'Usage', value: { code: usageOf(command) } },
      { label: 'Who', value: allowedWords(command.allowed) },
    ],
    warnings: isAllowed ? [] : ['You may not run it yourself; ask a colleague who may.'],
    sections: [
      {
        heading: 'Inputs',
        table: { columns: ['Flag', 'What', 'Needed'], rows: inputsOf(command).map(inputRow) },
        empty: 'None.',
      },
      { heading: 'Examples', lines: command.examples.map((example): Value[] => [{ code: example }]) },
    ],
    json: commandJson(command),
  };
}

export function allowedWords(allowed: Allowed): string {
  if (allowed === 'everyone') return 'everyone';
  return allowed === 'any role' ? 'any role' : listed([...new Set([...allowed, 'admin'])]);
}

type Input = { flag: string; what: string; isRequired: boolean };

function inputsOf(command: Command): Input[] {
  return Object.entries(command.input.shape).map(([name, schema]) => {
    const { label, placeholder, hint } = fieldMeta(schema);
    const what = [label, placeholder && `such as ${placeholder}`].filter(Boolean).join(', ');
    return {
      flag: `--${flagOf(name)}`,
      what: hint ? `${what}. ${hint}` : what,
      isRequired: isRequired(schema),
    };
  });
}

function inputRow(input: Input): Value[] {
  return [{ code: input.flag }, input.what, input.isRequired ? 'yes' : 'no'];
}

function commandJson(command: Command): Record<string, unknown> {
  return {
    name: command.name,
    usage: usageOf(command),
    summary: command.summary,
    allowed: command.allowed,
    effect: command.effect,
    examples: command.examples,
    inputs: inputsOf(command),
  };
}
