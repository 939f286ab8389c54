import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Completion } from './completions.ts';

type Props = {
  id: string;
  completions: Completion[];
  active: number;
  onChoose: (completion: Completion) => void;
};

/** The list above the composer: what can be typed, and what it does. */
export function CompletionPopup({ id, completions, active, onChoose }: Props): VNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() =>
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }),
  );
  return html`<div class="completion">
    <div class="completion-list" role="listbox" id=${id} aria-label="Commands" ref=${list}>
      ${completions.map(
        (completion, index) => html`<button
          type="button"
          role="option"
          tabindex="-1"
          key=${completion.words}
          id=${`${id}-${index}`}
          class="completion-item"
          aria-selected=${index === active}
          onMouseDown=${(event: Event) => event.preventDefault()}
          onClick=${() => onChoose(completion)}
        >
          <span class="completion-usage">
            <b>${completion.words}</b>
            ${completion.parameters.map((word, at) => html`<span class="parameter" data-now=${at === completion.at}>${word}</span>`)}
          </span>
          <span class="completion-summary">${completion.summary}</span>
        </button>`,
      )}
    </div>
    <p class="completion-keys" aria-hidden="true"><kbd>↑</kbd><kbd>↓</kbd> choose <kbd>Tab</kbd> complete <kbd>Enter</kbd> send</p>
  </div>`;
}
