/** A line of the log with the labels of its stream. */
export type StoredLine = { at: number; labels: Record<string, string>; text: string };

type Read = (line: StoredLine) => boolean;

/** What Loki says to a query that it cannot read. */
export class LogQlError extends Error {}

const string = '"(?:[^"\\\\]|\\\\.)*"';
const selector = new RegExp(`^\\{((?:\\s*[a-zA-Z_]\\w*\\s*(?:=~|!~|!=|=)\\s*${string}\\s*,?)+)\\}`);
const matcher = new RegExp(`([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)\\s*(${string})`, 'g');
const stages: readonly [RegExp, (found: RegExpExecArray) => Read][] = [
  [new RegExp(`^\\|=\\s*(${string})`), ([, text]) => contains(unquote(text))],
  [new RegExp(`^\\|~\\s*(${string})`), ([, text]) => matches(unquote(text))],
  [/^\|\s*json\b/, () => () => true],
  [new RegExp(`^\\|\\s*(\\w+)\\s*=\\s*(${string})`), ([, name = '', text]) => hasField(name, unquote(text))],
];

/** The part of LogQL that Lucy writes: a selector, line filters, `json`, and a filter by field. */
export function readLogQl(query: string): Read {
  const start = selector.exec(query);
  if (!start) throw new LogQlError('parse error at line 1, col 1: syntax error: unexpected IDENTIFIER');
  const reads: Read[] = [...(start[1] ?? '').matchAll(matcher)].map(([, name = '', operator = '', text]) =>
    hasLabel(name, operator, unquote(text)),
  );
  let rest = query.slice(start[0].length).trimStart();
  while (rest !== '') {
    const stage = stages.map(([look, make]) => [look.exec(rest), make] as const).find(([found]) => found);
    if (!stage?.[0])
      throw new LogQlError(`parse error at line 1, col ${query.length - rest.length + 1}: syntax error`);
    reads.push(stage[1](stage[0]));
    rest = rest.slice(stage[0][0].length).trimStart();
  }
  return (line) => reads.every((read) => read(line));
}

function unquote(text = '""'): string {
  return JSON.parse(text) as string;
}

const contains =
  (text: string): Read =>
  (line) =>
    line.text.includes(text);

function matches(pattern: string): Read {
  const look = new RegExp(pattern);
  return (line) => look.test(line.text);
}

function hasLabel(name: string, operator: string, value: string): Read {
  const test = operator.endsWith('~')
    ? (label: string) => new RegExp(`^(?:${value})$`).test(label)
    : (label: string) => label === value;
  const isNegated = operator.startsWith('!');
  return ({ labels }) => test(labels[name] ?? '') !== isNegated;
}

function hasField(name: string, value: string): Read {
  return ({ text }) => {
    try {
      return String(JSON.parse(text)[name]) === value;
    } catch {
      return false;
    }
  };
}
