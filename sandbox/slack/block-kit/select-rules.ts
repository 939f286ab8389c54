import { action, confirmable, focusable, placeholdable } from './element-parts.ts';
import { eitherOptionsOrGroups, initialOptionsExist, option, optionGroup } from './option-rules.ts';
import { boolean, choice, list, optional, type ShapeRule, shape, string } from './rule.ts';

const select = { ...action, ...confirmable, ...focusable, ...placeholdable };

const conversationFilter = shape(
  {
    include: optional(list(choice('im', 'mpim', 'private', 'public'), 4)),
    exclude_external_shared_channels: optional(boolean),
    exclude_bot_users: optional(boolean),
  },
  (value, pointer, report) => {
    if (Object.keys(value).length === 0) report('must provide at least 1 properties', pointer);
  },
);

/** Select menus (slack-facts section 2, "options"): 1 to 100 options, or as many groups of as many. */
export const selectShapes: Record<string, ShapeRule> = {
  static_select: shape(
    {
      ...select,
      options: optional(list(option, 100)),
      option_groups: optional(list(optionGroup, 100)),
      initial_option: optional(option),
    },
    eitherOptionsOrGroups,
    initialOptionsExist,
  ),
  external_select: shape({
    ...select,
    initial_option: optional(option),
    min_query_length: optional({ is: 'integer', min: 0, max: 75 }),
  }),
  users_select: shape({ ...select, initial_user: optional(string(255)) }),
  conversations_select: shape({
    ...select,
    initial_conversation: optional(string(255)),
    default_to_current_conversation: optional(boolean),
    response_url_enabled: optional(boolean),
    filter: optional(conversationFilter),
  }),
  channels_select: shape({
    ...select,
    initial_channel: optional(string(255)),
    response_url_enabled: optional(boolean),
  }),
};
