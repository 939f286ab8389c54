import type { ActValue } from '../../../slack/client-contract.ts';
import { type Json, recordAt, recordsAt, textAt } from '../read-json.ts';

/** Where each single-valued element carries its initial value, and where its state carries the present one. */
const places: Record<string, [initial: string, present: string]> = {
  plain_text_input: ['initial_value', 'value'],
  number_input: ['initial_value', 'value'],
  email_text_input: ['initial_value', 'value'],
  url_text_input: ['initial_value', 'value'],
  users_select: ['initial_user', 'selected_user'],
  channels_select: ['initial_channel', 'selected_channel'],
  conversations_select: ['initial_conversation', 'selected_conversation'],
  datepicker: ['initial_date', 'selected_date'],
  timepicker: ['initial_time', 'selected_time'],
};

/** What an element holds before anyone touched it; null for elements that hold nothing, such as buttons. */
export function initialValue(element: Json): ActValue | null {
  const type = textAt(element, 'type');
  const place = places[type];
  if (place !== undefined) return { type, [place[1]]: textAt(element, place[0]) || null };
  if (type === 'checkboxes') return { type, selected_options: recordsAt(element, 'initial_options') };
  if (type === 'static_select' || type === 'external_select' || type === 'radio_buttons') {
    return { type, selected_option: recordAt(element, 'initial_option') };
  }
  if (type === 'file_input') return { type, files: [] };
  if (type !== 'datetimepicker') return null;
  return { type, selected_date_time: Number(element.initial_date_time) || null };
}
