import type { Problem } from './rule.ts';

/** How Slack words problems in an answer: bare in `errors`, with [ERROR] in `response_metadata.messages`. */
export function problemFields(problems: readonly Problem[]): {
  errors: string[];
  response_metadata: { messages: string[] };
} {
  // A missing argument has no place to point at.
  const errors = problems.map(({ message, pointer }) =>
    pointer === '' ? message : `${message} [json-pointer:${pointer}]`,
  );
  return { errors, response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) } };
}
