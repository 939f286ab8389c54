import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { isRecord, type Json, plainTextAt } from '../read-json.ts';
import { ElementConfirm } from './element-confirm.ts';
import { optionText } from './options.ts';
import { useDismiss } from './use-dismiss.ts';
import { type ElementProps, labelling, useElement } from './use-element.ts';
import { useSuggestions } from './use-suggestions.ts';

/** A field that asks Lucy for options while one types. */
export function ExternalSelect(props: ElementProps): VNode {
  const { element, field } = props;
  const held = useElement(props);
  const listId = useId();
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const { options, hint } = useSuggestions(element, query, held.suggest);
  const container = useDismiss<HTMLDivElement>(query !== null, () => setQuery(null));
  const chosen = held.value?.selected_option;
  const choose = (option: Json) => {
    setQuery(null);
    held.choose({ type: 'external_select', selected_option: option });
  };
  const open = () => setQuery((now) => now ?? '');
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const option = options[active];
    if (step !== undefined && query === null) open();
    else if (step !== undefined) setActive(Math.max(0, Math.min(options.length - 1, active + step)));
    else if (event.key === 'Enter' && query !== null && option) choose(option);
    else return;
    event.preventDefault();
  };
  const onInput = (event: { currentTarget: HTMLInputElement }) => {
    setQuery(event.currentTarget.value);
    setActive(0);
    if (event.currentTarget.value === '') held.remember({ type: 'external_select', selected_option: null });
  };
  const shown = query ?? (isRecord(chosen) ? optionText(chosen) : '');
  const placeholder = plainTextAt(element, 'placeholder') || 'Type to search';
  return html`<div class="combobox" ref=${container}>
    <input
      class="control"
      type="text"
      role="combobox"
      autocomplete="off"
      aria-autocomplete="list"
      aria-expanded=${query !== null}
      aria-controls=${listId}
      aria-activedescendant=${query !== null && options.length > 0 ? `${listId}-${active}` : undefined}
      ...${labelling(field, placeholder)}
      placeholder=${placeholder}
      value=${shown}
      onClick=${open}
      onInput=${onInput}
      onKeyDown=${onKeyDown}
    />
    ${query !== null && html`<${OptionList} id=${listId} options=${options} active=${active} hint=${hint} onChoose=${choose} />`}
    <${ElementConfirm} element=${element} held=${held} />
  </div>`;
}

type ListProps = {
  id: string;
  options: Json[];
  active: number;
  hint: string;
  onChoose: (option: Json) => void;
};

function OptionList({ id, options, active, hint, onChoose }: ListProps): VNode {
  return html`<div class="popup popup-list" role="listbox" id=${id} aria-label="Options">
    ${options.map(
      (option, index) => html`<button
        type="button"
        role="option"
        tabindex="-1"
        id=${`${id}-${index}`}
        class="popup-item"
        aria-selected=${index === active}
        onClick=${() => onChoose(option)}
      >${optionText(option)}</button>`,
    )}
    ${options.length === 0 && html`<p class="popup-hint" role="status">${hint}</p>`}
  </div>`;
}
