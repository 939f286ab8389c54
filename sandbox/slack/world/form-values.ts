import { elementsOfBlock } from '../block-kit/elements-of-block.ts';
import { type Json, recordAt, recordsAt, textAt } from '../json.ts';
import type { FormValues } from './view.ts';

/** Where an element keeps its initial value, and where `state.values` carries the present one. */
const places: Record<string, { initial: string; present: string; empty: unknown }> = {
  plain_text_input: { initial: 'initial_value', present: 'value', empty: null },
  number_input: { initial: 'initial_value', present: 'value', empty: null },
  email_text_input: { initial: 'initial_value', present: 'value', empty: null },
  url_text_input: { initial: 'initial_value', present: 'value', empty: null },
  static_select: { initial: 'initial_option', present: 'selected_option', empty: null },
  external_select: { initial: 'initial_option', present: 'selected_option', empty: null },
  radio_buttons: { initial: 'initial_option', present: 'selected_option', empty: null },
  checkboxes: { initial: 'initial_options', present: 'selected_options', empty: [] },
  users_select: { initial: 'initial_user', present: 'selected_user', empty: null },
  channels_select: { initial: 'initial_channel', present: 'selected_channel', empty: null },
  conversations_select: { initial: 'initial_conversation', present: 'selected_conversation', empty: null },
  file_input: { initial: '', present: 'files', empty: [] },
  datepicker: { initial: 'initial_date', present: 'selected_date', empty: null },
  timepicker: { initial: 'initial_time', present: 'selected_time', empty: null },
  datetimepicker: { initial: 'initial_date_time', present: 'selected_date_time', empty: null },
};

/** Whether an element holds a value. Buttons, overflow menus and images do not. */
export const holdsValue = (element: Json): boolean => Object.hasOwn(places, textAt(element, 'type'));

/** The key of an element's value, `selected_option` for a select. */
export const presentKey = (type: string): string => places[type]?.present ?? 'value';

/** What an element holds before anyone touched it, in the shape of `state.values`. */
export function initialValue(element: Json): Json {
  const type = textAt(element, 'type');
  const place = places[type];
  if (!place) return { type };
  const initial = element[place.initial];
  // The client sends null for an input that was left empty, not ''.
  return { type, [place.present]: initial === '' ? place.empty : (initial ?? place.empty) };
}

/** `state.values` of some blocks: what was given, and initial values for the rest. */
export function stateValues(blocks: readonly Json[], given: FormValues): FormValues {
  const values: FormValues = {};
  for (const block of blocks) {
    const blockId = textAt(block, 'block_id');
    for (const { element } of elementsOfBlock(block)) {
      if (!holdsValue(element)) continue;
      const actionId = textAt(element, 'action_id');
      values[blockId] = {
        ...values[blockId],
        [actionId]: given[blockId]?.[actionId] ?? initialValue(element),
      };
    }
  }
  return values;
}

/** Whether a value says nothing, so that a required input counts as not filled in. */
export function isEmptyValue(value: Json): boolean {
  const present = value[presentKey(textAt(value, 'type'))];
  return (
    present === null ||
    present === undefined ||
    present === '' ||
    (Array.isArray(present) && present.length === 0)
  );
}

/** The label of a select's present choice or the text of an input. */
export function readableValue(value: Json): string {
  const option = recordAt(value, 'selected_option');
  if (option) return textAt(recordAt(option, 'text') ?? {}, 'text');
  const options = recordsAt(value, 'selected_options');
  if (options.length > 0) return options.map((one) => textAt(recordAt(one, 'text') ?? {}, 'text')).join(', ');
  const present = value[presentKey(textAt(value, 'type'))];
  return present === null || present === undefined || Array.isArray(present) ? '' : String(present);
}
