import { html } from 'htm/preact';
import type { ComponentType, VNode } from 'preact';
import { textAt } from '../read-json.ts';
import { Button } from './button.ts';
import { ChoiceList } from './choice-list.ts';
import { DateTimePicker, TextLikePicker } from './date-pickers.ts';
import { ExternalSelect } from './external-select.ts';
import { FileInput } from './file-input.ts';
import { OverflowMenu } from './overflow-menu.ts';
import { ChannelSelect, PersonSelect } from './people-selects.ts';
import { StaticSelect } from './static-select.ts';
import { TextInput } from './text-input.ts';
import type { ElementProps } from './use-element.ts';

const drawers: Record<string, ComponentType<ElementProps>> = {
  button: Button,
  static_select: StaticSelect,
  external_select: ExternalSelect,
  users_select: PersonSelect,
  conversations_select: ChannelSelect,
  channels_select: ChannelSelect,
  overflow: OverflowMenu,
  checkboxes: ChoiceList,
  radio_buttons: ChoiceList,
  plain_text_input: TextInput,
  number_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  datepicker: TextLikePicker,
  timepicker: TextLikePicker,
  datetimepicker: DateTimePicker,
  file_input: FileInput,
};

/** Draws one interactive element of Block Kit. */
export function Element(props: ElementProps): VNode {
  const type = textAt(props.element, 'type');
  const Drawer = drawers[type];
  if (Drawer === undefined)
    return html`<span class="block-unknown">A “${type}” element, which the sandbox does not draw.</span>`;
  return html`<${Drawer} ...${props} />`;
}
