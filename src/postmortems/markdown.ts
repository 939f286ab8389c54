import type { Draft } from './draft.ts';

/** For the wiki or the repository. What people typed is text, and cannot become a heading or a link. */
export function postmortemMarkdown(draft: Draft): string {
  const written = draft.written.map(
    ({ heading, text }) => `## ${heading}\n\n${text === null ? '_Not written yet._' : escapeText(text)}\n`,
  );
  const timeline = draft.timeline.map(({ at, who, what }) => `| ${at} | ${cell(who)} | ${cell(what)} |`);
  const actions = draft.actions.map(
    ({ text, owner, due, isDone }) =>
      `- [${isDone ? 'x' : ' '}] ${escapeText(text)} (${escapeText(owner)}, ${due})`,
  );
  return [
    `# ${escapeText(draft.title)}\n`,
    ...draft.about.map((line) => `${escapeText(line)}  `),
    '',
    ...written,
    '## Impact\n',
    ...draft.impact.map(({ label, value }) => `- ${label}: ${escapeText(value)}`),
    '\n## Timeline\n',
    '| When | Who | What |',
    '| --- | --- | --- |',
    ...timeline,
    '\n## Actions\n',
    ...(actions.length > 0 ? actions : ['None yet.']),
    '',
  ].join('\n');
}

function escapeText(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
}

function cell(text: string): string {
  return escapeText(text).replace(/\s*\n\s*/g, ' ');
}
