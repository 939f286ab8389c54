import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type Json, plainTextAt, recordAt, textAt, textsAt } from '../read-json.ts';
import { type ElementProps, labelling, useElement } from './use-element.ts';

type TextEvent = { currentTarget: HTMLInputElement | HTMLTextAreaElement };

const inputTypes: Record<string, { type: string; inputmode?: string }> = {
  // A text field, not a number field: the browser's own would swallow what it cannot read, without a word.
  number_input: { type: 'text', inputmode: 'decimal' },
  email_text_input: { type: 'email', inputmode: 'email' },
  url_text_input: { type: 'url', inputmode: 'url' },
};

/** One line or several of text, a number, an e-mail address or a URL. */
export function TextInput(props: ElementProps): VNode {
  const { element, field } = props;
  const held = useElement(props);
  const type = textAt(element, 'type');
  const triggers = dispatchTriggers(element);
  const read = (event: TextEvent) => ({ type, value: event.currentTarget.value || null });
  const onInput = (event: TextEvent) => {
    const report = triggers.includes('on_character_entered') ? held.choose : held.remember;
    report(read(event));
  };
  const onKeyDown = (event: KeyboardEvent & TextEvent) => {
    if (event.key !== 'Enter' || !field?.dispatches || !triggers.includes('on_enter_pressed')) return;
    event.preventDefault();
    held.press(read(event));
  };
  const shared = {
    ...labelling(field, plainTextAt(element, 'placeholder') || 'Text'),
    placeholder: plainTextAt(element, 'placeholder'),
    value: held.value?.value ?? '',
    onInput,
    onKeyDown,
  };
  if (element.multiline === true) return html`<textarea class="control" rows="4" ...${shared}></textarea>`;
  return html`<input class="control" autocomplete="off" ...${inputTypes[type] ?? { type: 'text' }} ...${shared} />`;
}

/** Slack's default is Enter. */
function dispatchTriggers(element: Json): string[] {
  const triggers = textsAt(recordAt(element, 'dispatch_action_config') ?? {}, 'trigger_actions_on');
  return triggers.length > 0 ? triggers : ['on_enter_pressed'];
}
