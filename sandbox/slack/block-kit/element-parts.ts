import {
  boolean,
  type CrossCheck,
  choice,
  list,
  optional,
  type Rule,
  required,
  shape,
  string,
} from './rule.ts';
import { anyText, plainText } from './text-rules.ts';

/** Ids of blocks and actions (slack-facts section 2). */
export const id: Rule = string(255);

export const confirm: Rule = shape({
  title: optional(plainText(100)),
  text: required(anyText(300)),
  confirm: optional(plainText(30)),
  deny: optional(plainText(30)),
  style: optional(choice('primary', 'danger')),
});

export const dispatchConfig: Rule = shape({
  trigger_actions_on: optional(list(choice('on_enter_pressed', 'on_character_entered'), 2)),
});

/** Fields that most elements share. */
export const action = { action_id: optional(id) };
export const confirmable = { confirm: optional(confirm) };
export const focusable = { focus_on_load: optional(boolean) };
export const placeholdable = { placeholder: optional(plainText(150)) };
export const dispatchable = { dispatch_action_config: optional(dispatchConfig) };

/** An image has a URL or a Slack file, never both (slack-facts section 2, "image"). */
export const eitherUrlOrFile: CrossCheck = (value, pointer, report) => {
  const hasUrl = value.image_url !== undefined;
  const hasFile = value.slack_file !== undefined;
  if (hasUrl === hasFile) report('must define either `image_url` or `slack_file`', pointer);
};

export const slackFile: Rule = shape({ id: optional(string(255)), url: optional(string(3000)) });
