import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { isRecord, type Json, plainTextAt } from '../read-json.ts';
import { ElementConfirm } from './element-confirm.ts';
import { isSameOption, optionGroups, optionText } from './options.ts';
import { Select } from './select.ts';
import { type ElementProps, useElement } from './use-element.ts';

/** A menu of fixed options, in groups where Lucy made groups. */
export function StaticSelect(props: ElementProps): VNode {
  const held = useElement(props);
  const groups = optionGroups(props.element);
  const options = groups.flatMap((group) => group.options);
  const chosen = held.value?.selected_option;
  const selected = options.findIndex((option) => isSameOption(isRecord(chosen) ? chosen : null, option));
  const choose = (index: string) => {
    const option = options[Number(index)] ?? null;
    held.choose({ type: 'static_select', selected_option: index === '' ? null : option });
  };
  const entries = groups.map((group) => ({
    label: group.label,
    entries: group.options.map((option: Json) => ({
      value: String(options.indexOf(option)),
      text: optionText(option),
    })),
  }));
  return html`
    <${Select}
      field=${props.field}
      placeholder=${plainTextAt(props.element, 'placeholder') || 'Choose an option'}
      selected=${selected < 0 ? '' : String(selected)}
      groups=${entries}
      isPending=${held.isPending}
      onChoose=${choose}
    />
    <${ElementConfirm} element=${props.element} held=${held} />
  `;
}
