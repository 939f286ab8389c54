import type { ChoiceNeeded } from '#src/replies/choice-needed.ts';
import { tokenize } from '#src/runner/parse-line.ts';
import { printJson, printReply } from './print-reply.ts';

/** What was typed fits several things: they are shown, each with the line that means it. */
export function choiceText({ reply }: ChoiceNeeded, correlationId: string): string {
  const choices = choicesOf(reply).map(({ label, line }) => [label, { code: `lucy ${line}` }]);
  const sections = [
    ...(reply.sections ?? []),
    ...(choices.length > 0 ? [{ heading: 'Type one of these', lines: choices }] : []),
  ];
  return printReply({ ...reply, sections, correlationId });
}

export function choiceJson({ code, message, hint, reply }: ChoiceNeeded, correlationId: string): string {
  const shown = typeof reply.json === 'object' ? reply.json : {};
  return printJson({ error: { code, message, hint, choices: choicesOf(reply) }, ...shown, correlationId });
}

function choicesOf(reply: ChoiceNeeded['reply']): { label: string; line: string }[] {
  return (reply.buttons ?? []).flatMap((button) =>
    button.kind === 'command' ? [{ label: button.label, line: shellLine(button.line) }] : [],
  );
}

/** The same words for a shell, which would look into double quotes for $ and `. */
function shellLine(line: string): string {
  return shellWords(tokenize(line));
}

export function shellWords(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
