import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { plainTextAt, textAt } from '../read-json.ts';
import { ElementConfirm } from './element-confirm.ts';
import { type ElementProps, labelling, useElement } from './use-element.ts';

type ChangeEvent = { currentTarget: HTMLInputElement };

/** Date and time: Slack and browsers write both the same way, `2026-11-21` and `14:30`. */
export function TextLikePicker(props: ElementProps): VNode {
  const { element, field } = props;
  const held = useElement(props);
  const type = textAt(element, 'type');
  const isDate = type === 'datepicker';
  const key = isDate ? 'selected_date' : 'selected_time';
  const name = plainTextAt(element, 'placeholder') || (isDate ? 'Choose a date' : 'Choose a time');
  const change = (event: ChangeEvent) => held.choose({ type, [key]: event.currentTarget.value || null });
  return html`
    <input
      class="control control-short"
      type=${isDate ? 'date' : 'time'}
      ...${labelling(field, name)}
      value=${held.value?.[key] ?? ''}
      disabled=${held.isPending}
      onChange=${change}
    />
    <${ElementConfirm} element=${element} held=${held} />
  `;
}

/** A moment: Slack's is in Unix seconds, the browser's in local time. */
export function DateTimePicker(props: ElementProps): VNode {
  const { element, field } = props;
  const held = useElement(props);
  const change = (event: ChangeEvent) => {
    const moment = new Date(event.currentTarget.value).getTime();
    const seconds = Number.isNaN(moment) ? null : Math.floor(moment / 1000);
    held.choose({ type: 'datetimepicker', selected_date_time: seconds });
  };
  return html`
    <input
      class="control control-short"
      type="datetime-local"
      ...${labelling(field, 'Choose a date and time')}
      value=${localMoment(held.value?.selected_date_time)}
      disabled=${held.isPending}
      onChange=${change}
    />
    <${ElementConfirm} element=${element} held=${held} />
  `;
}

function localMoment(seconds: unknown): string {
  if (typeof seconds !== 'number') return '';
  const date = new Date(seconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
