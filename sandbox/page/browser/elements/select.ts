import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type Field, labelling } from './use-element.ts';

type Entry = { value: string; text: string };

type Props = {
  field: Field | undefined;
  placeholder: string;
  selected: string;
  groups: readonly { label: string; entries: readonly Entry[] }[];
  isPending: boolean;
  onChoose: (value: string) => void;
};

/** The browser's own select: it brings the keyboard, the screen reader and the phone's wheel for free. */
export function Select({ field, placeholder, selected, groups, isPending, onChoose }: Props): VNode {
  const change = (event: { currentTarget: HTMLSelectElement }) => onChoose(event.currentTarget.value);
  return html`<select
    class="control select"
    ...${labelling(field, placeholder)}
    value=${selected}
    data-empty=${selected === ''}
    disabled=${isPending}
    onChange=${change}
  >
    <option value="" disabled=${field === undefined}>${placeholder}</option>
    ${groups.map((group) =>
      group.label === ''
        ? drawEntries(group.entries, selected)
        : html`<optgroup label=${group.label}>${drawEntries(group.entries, selected)}</optgroup>`,
    )}
  </select>`;
}

function drawEntries(entries: readonly Entry[], selected: string): VNode[] {
  return entries.map(
    (entry) => html`<option value=${entry.value} selected=${entry.value === selected}>${entry.text}</option>`,
  );
}
