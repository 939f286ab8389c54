import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { TextObject } from '../mrkdwn/mrkdwn.ts';
import { isRecord, type Json, recordAt, recordsAt } from '../read-json.ts';
import { ElementConfirm } from './element-confirm.ts';
import { isSameOption } from './options.ts';
import { type ElementProps, useElement } from './use-element.ts';

/** Checkboxes and radio buttons. */
export function ChoiceList(props: ElementProps): VNode {
  const { element, field } = props;
  const held = useElement(props);
  const isRadio = element.type === 'radio_buttons';
  const group = useId();
  const chosen = chosenOptions(held.value ?? {}, isRadio);
  const toggle = (option: Json) => {
    if (isRadio) return held.choose({ type: 'radio_buttons', selected_option: option });
    const others = chosen.filter((one) => !isSameOption(one, option));
    const next = others.length < chosen.length ? others : [...chosen, option];
    return held.choose({ type: 'checkboxes', selected_options: next });
  };
  return html`
    <div
      class="choices"
      role=${isRadio ? 'radiogroup' : 'group'}
      id=${field?.inputId}
      aria-labelledby=${field?.labelId}
      aria-describedby=${field?.describedBy || undefined}
    >
      ${recordsAt(element, 'options').map((option) => {
        const isChosen = chosen.some((one) => isSameOption(one, option));
        return html`<${Choice} option=${option} group=${group} isRadio=${isRadio} isChosen=${isChosen} onToggle=${toggle} />`;
      })}
    </div>
    <${ElementConfirm} element=${element} held=${held} />
  `;
}

type ChoiceProps = {
  option: Json;
  group: string;
  isRadio: boolean;
  isChosen: boolean;
  onToggle: (option: Json) => void;
};

function Choice({ option, group, isRadio, isChosen, onToggle }: ChoiceProps): VNode {
  const text = recordAt(option, 'text');
  const description = recordAt(option, 'description');
  const type = isRadio ? 'radio' : 'checkbox';
  return html`<label class="choice">
    <input type=${type} name=${group} checked=${isChosen} onChange=${() => onToggle(option)} />
    <span>
      ${text && html`<${TextObject} text=${text} />`}
      ${description && html`<span class="choice-description"><${TextObject} text=${description} /></span>`}
    </span>
  </label>`;
}

function chosenOptions(value: Json, isRadio: boolean): Json[] {
  const one = value.selected_option;
  if (isRadio) return isRecord(one) ? [one] : [];
  return recordsAt(value, 'selected_options');
}
