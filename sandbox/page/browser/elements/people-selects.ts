import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { plainTextAt, textAt } from '../read-json.ts';
import { useClient } from '../state/client.ts';
import { ElementConfirm } from './element-confirm.ts';
import { Select } from './select.ts';
import { type ElementProps, useElement } from './use-element.ts';

/** A menu of the people in the workspace. */
export function PersonSelect(props: ElementProps): VNode {
  const { snapshot } = useClient();
  const entries = snapshot.people.map((person) => ({
    value: person.id,
    text: `${person.realName} (${person.title})`,
  }));
  return html`<${IdSelect} ...${props} entries=${entries} stateKey="selected_user" placeholder="Choose a person" />`;
}

/** A menu of the channels that this person sees. */
export function ChannelSelect(props: ElementProps): VNode {
  const { snapshot } = useClient();
  const entries = snapshot.channels
    .filter((channel) => channel.kind === 'channel')
    .map((channel) => ({ value: channel.id, text: `#${channel.name}` }));
  const isChannels = props.element.type === 'channels_select';
  const stateKey = isChannels ? 'selected_channel' : 'selected_conversation';
  return html`<${IdSelect} ...${props} entries=${entries} stateKey=${stateKey} placeholder="Choose a channel" />`;
}

type IdSelectProps = ElementProps & {
  entries: readonly { value: string; text: string }[];
  stateKey: string;
  placeholder: string;
};

function IdSelect(props: IdSelectProps): VNode {
  const { element, field, entries, stateKey, placeholder } = props;
  const held = useElement(props);
  const selected = held.value?.[stateKey];
  const choose = (id: string) => held.choose({ type: textAt(element, 'type'), [stateKey]: id || null });
  return html`
    <${Select}
      field=${field}
      placeholder=${plainTextAt(element, 'placeholder') || placeholder}
      selected=${typeof selected === 'string' ? selected : ''}
      groups=${[{ label: '', entries }]}
      isPending=${held.isPending}
      onChoose=${choose}
    />
    <${ElementConfirm} element=${element} held=${held} />
  `;
}
