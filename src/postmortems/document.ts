import type { Block, Document } from '#src/documents/document.ts';
import type { Draft } from './draft.ts';

/** The same words as pages. */
export function postmortemDocument(draft: Draft, now: number): Document {
  const written = draft.written.flatMap(({ heading, text }): Block[] => [
    { kind: 'heading', text: heading },
    { kind: 'text', text: text ?? 'Not written yet.' },
  ]);
  return {
    title: draft.title,
    about: draft.about,
    foot: `Postmortem of ${draft.name}`,
    author: 'Lucy',
    datedAt: now,
    blocks: [
      ...written,
      { kind: 'heading', text: 'Impact' },
      { kind: 'facts', facts: draft.impact },
      { kind: 'heading', text: 'Timeline' },
      {
        kind: 'table',
        columns: [
          { title: 'When', share: 3 },
          { title: 'Who', share: 2 },
          { title: 'What', share: 7 },
        ],
        rows: draft.timeline.map(({ at, who, what }) => [at, who, what]),
        empty: 'Nothing was written down.',
      },
      { kind: 'heading', text: 'Actions' },
      {
        kind: 'table',
        columns: [
          { title: 'What', share: 7 },
          { title: 'Who', share: 2 },
          { title: 'Until', share: 2 },
          { title: 'Is', share: 1 },
        ],
        rows: draft.actions.map(({ text, owner, due, isDone }) => [
          text,
          owner,
          due,
          isDone ? 'done' : 'open',
        ]),
        empty: 'None yet.',
      },
    ],
  };
}
