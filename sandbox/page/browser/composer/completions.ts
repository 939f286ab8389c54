type SlashCommand = { command: string; description: string; usageHint: string };
type LucyCommand = { usage: string; summary: string };

export type Completion = {
  /** The words to type as they are. */
  words: string;
  /** What follows them: EMAIL COUNT. */
  parameters: string[];
  summary: string;
  /** The text after choosing it; null when all its words are typed and it only explains what follows. */
  insert: string | null;
  /** Which parameter is being typed, or -1. */
  at: number;
};

const lucy = '/lucy';

/** What the text in the composer could become. Nothing unless it begins with a slash. */
export function completionsFor(
  text: string,
  commands: readonly SlashCommand[],
  lucyCommands: readonly LucyCommand[],
): Completion[] {
  if (!text.startsWith('/') || text.includes('\n')) return [];
  const space = text.indexOf(' ');
  if (space < 0) return commands.filter((one) => one.command.startsWith(text)).map(fromSlashCommand);
  const command = commands.find((one) => one.command === text.slice(0, space));
  if (command === undefined) return [];
  const typed = text.slice(space + 1).split(/ +/);
  if (command.command !== lucy) return [{ ...fromSlashCommand(command), insert: null }];
  const found = lucyCommands.flatMap((one) => matchCommand(one, typed));
  return found.length > 0 ? found : lucyCommands.flatMap((one) => matchLaterWord(one, typed));
}

function fromSlashCommand(one: SlashCommand): Completion {
  const parameters = one.usageHint === '' ? [] : [one.usageHint];
  return { words: one.command, parameters, summary: one.description, insert: `${one.command} `, at: -1 };
}

function matchCommand(command: LucyCommand, typed: readonly string[]): Completion[] {
  const { words, parameters } = partsOf(command.usage);
  const isMatch = words.every((word, index) => {
    const said = typed[index];
    if (said === undefined) return true;
    return index === typed.length - 1 ? word.startsWith(said) : word === said;
  });
  if (!isMatch) return [];
  const isTyped = typed.length > words.length;
  const at = isTyped ? Math.min(typed.length - words.length - 1, parameters.length - 1) : -1;
  return [completion(command, words, parameters, isTyped, at)];
}

/** “grant” finds `credits grant`. */
function matchLaterWord(command: LucyCommand, typed: readonly string[]): Completion[] {
  const { words, parameters } = partsOf(command.usage);
  const [said] = typed;
  if (typed.length !== 1 || !said || !words.slice(1).some((word) => word.startsWith(said))) return [];
  return [completion(command, words, parameters, false, -1)];
}

function completion(
  command: LucyCommand,
  words: string[],
  parameters: string[],
  isTyped: boolean,
  at: number,
): Completion {
  const line = `${lucy} ${words.join(' ')}`;
  return { words: line, parameters, summary: command.summary, insert: isTyped ? null : `${line} `, at };
}

/** A usage is lower-case words to type, then what the person fills in. */
function partsOf(usage: string): { words: string[]; parameters: string[] } {
  const all = usage.trim().split(/ +/);
  const first = all.findIndex((word) => !/^[a-z][a-z0-9-]*$/.test(word));
  return first < 0
    ? { words: all, parameters: [] }
    : { words: all.slice(0, first), parameters: all.slice(first) };
}
