import { withEmoji } from '../mrkdwn/emoji.ts';
import { type Json, plainTextAt, recordsAt, textAt } from '../read-json.ts';

export type OptionGroup = { label: string; options: Json[] };

/** Options with or without groups, as groups; a list without groups is one group without a label. */
export function optionGroups(element: Json): OptionGroup[] {
  const groups = recordsAt(element, 'option_groups');
  if (groups.length === 0) return [{ label: '', options: recordsAt(element, 'options') }];
  return groups.map((group) => ({
    label: plainTextAt(group, 'label'),
    options: recordsAt(group, 'options'),
  }));
}

/** An option in one line. */
export function optionText(option: Json): string {
  const description = plainTextAt(option, 'description');
  const text = withEmoji(plainTextAt(option, 'text'));
  return description === '' ? text : `${text} (${description})`;
}

/** Options are the same when their values are. */
export function isSameOption(one: Json | null, other: Json): boolean {
  return one !== null && textAt(one, 'value') === textAt(other, 'value');
}
