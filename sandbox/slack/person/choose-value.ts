import type { ActValue } from '../client-contract.ts';
import { isRecord, type Json, recordAt, recordsAt, textAt } from '../json.ts';
import { findChannel, findPerson } from '../world/find.ts';
import { presentKey } from '../world/form-values.ts';
import type { World } from '../world/world.ts';

/** What a test gives: the words on an option or its value, a text, a date, a handle, a list of options. */
export type Choice = string | number | null | readonly string[] | Json;

/** A choice in Slack's shape for this element. Throws when it is not among the options. */
export function valueFor(world: World, element: Json, choice: Choice): ActValue {
  const type = textAt(element, 'type');
  switch (type) {
    case 'button':
      return { type };
    case 'checkboxes':
      return { type, selected_options: listOf(choice).map((one) => optionOf(element, one)) };
    case 'static_select':
    case 'radio_buttons':
    case 'overflow':
    case 'external_select':
      return { type, selected_option: choice === null ? null : optionOf(element, choice) };
    case 'users_select':
      return { type, selected_user: choice === null ? null : personId(world, String(choice)) };
    case 'channels_select':
    case 'conversations_select':
      return { type, [presentKey(type)]: choice === null ? null : channelId(world, String(choice)) };
    case 'file_input':
      return { type, files: choice === null ? [] : [choice] };
    case 'datetimepicker':
      return { type, selected_date_time: choice === null ? null : Number(choice) };
    case 'datepicker':
    case 'timepicker':
      return { type, [presentKey(type)]: choice === null ? null : String(choice) };
    default:
      // The client sends null, not '', for a text that was emptied.
      return { type, value: choice === null || choice === '' ? null : String(choice) };
  }
}

const listOf = (choice: Choice): readonly (string | Json)[] => {
  if (Array.isArray(choice)) return choice;
  return typeof choice === 'string' || isRecord(choice) ? [choice] : [];
};

function optionOf(element: Json, choice: Choice): Json {
  if (isRecord(choice)) return choice;
  const options = [
    ...recordsAt(element, 'options'),
    ...recordsAt(element, 'option_groups').flatMap((group) => recordsAt(group, 'options')),
  ];
  const label = (option: Json) => textAt(recordAt(option, 'text') ?? {}, 'text');
  const found = options.find((option) => option.value === choice || label(option) === choice);
  if (!found)
    throw new Error(`“${String(choice)}” is not offered. There is: ${options.map(label).join(', ')}.`);
  return found;
}

function personId(world: World, idOrHandle: string): string {
  const person = findPerson(world, idOrHandle);
  if (!person) throw new Error(`There is nobody called ${idOrHandle}.`);
  return person.id;
}

function channelId(world: World, idOrName: string): string {
  const channel = findChannel(world, idOrName);
  if (!channel) throw new Error(`There is no channel ${idOrName}.`);
  return channel.id;
}
