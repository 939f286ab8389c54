import { isDeepStrictEqual } from 'node:util';
import { isRecord, recordsAt } from '../json.ts';
import { withTextDefaults } from './fill-defaults.ts';
import { type CrossCheck, list, optional, type Rule, required, shape, string } from './rule.ts';
import { anyText, plainText } from './text-rules.ts';

/** The value is 150 long; the 75 that @slack/types says is stale (slack-facts section 2, "option"). */
const optionFields = { value: required(string(150)), description: optional(plainText(75)) };

export const option: Rule = shape({ ...optionFields, text: required(plainText(75)) });

/** Radio buttons and checkboxes also take mrkdwn. */
export const markedOption: Rule = shape({
  value: required(string(150)),
  text: required(anyText(75)),
  description: optional(anyText(75)),
});

export const overflowOption: Rule = shape({
  ...optionFields,
  text: required(plainText(75)),
  url: optional(string(3000)),
});

export const optionGroup: Rule = shape({
  label: required(plainText(75)),
  options: required(list(option, 100)),
});

/** A static select has `options` or `option_groups`, never both. */
export const eitherOptionsOrGroups: CrossCheck = (value, pointer, report) => {
  const hasOptions = value.options !== undefined;
  const hasGroups = value.option_groups !== undefined;
  if (hasOptions === hasGroups) report('must define either `options` or `option_groups`', pointer);
};

/** An initial option must equal one of the options exactly, its text and description included. */
export const initialOptionsExist: CrossCheck = (value, pointer, report) => {
  const offered = [...recordsAt(value, 'options'), ...optionsOfGroups(value)].map(withTextDefaults);
  const isOffered = (candidate: unknown) =>
    offered.some((offer) => isDeepStrictEqual(offer, withTextDefaults(candidate)));
  if (isRecord(value.initial_option) && !isOffered(value.initial_option)) {
    report('`initial_option` must match one of the provided options', `${pointer}/initial_option`);
  }
  recordsAt(value, 'initial_options').forEach((initial, index) => {
    if (isOffered(initial)) return;
    report('`initial_options` must match the provided options', `${pointer}/initial_options/${index}`);
  });
};

function optionsOfGroups(value: Record<string, unknown>) {
  return recordsAt(value, 'option_groups').flatMap((group) => recordsAt(group, 'options'));
}
