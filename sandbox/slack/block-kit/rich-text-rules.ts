import {
  boolean,
  choice,
  list,
  optional,
  pick,
  type Rule,
  required,
  type ShapeRule,
  shape,
  string,
  typed,
} from './rule.ts';

const style = optional(
  shape({
    bold: optional(boolean),
    italic: optional(boolean),
    strike: optional(boolean),
    underline: optional(boolean),
    code: optional(boolean),
  }),
);
const anyLength = string(40_000);
const index: Rule = { is: 'integer', min: 0, max: 8 };

/** What stands inside a rich text section (@slack/types 3.2.0). */
const inlineShapes: Record<string, ShapeRule> = {
  text: shape({ text: required(anyLength), style }),
  link: shape({ url: required(string(3000)), text: optional(anyLength), unsafe: optional(boolean), style }),
  emoji: shape({
    name: required(string(255)),
    unicode: optional(string(255)),
    url: optional(string(3000)),
    style,
  }),
  user: shape({ user_id: required(string(255)), style }),
  usergroup: shape({ usergroup_id: required(string(255)), style }),
  channel: shape({ channel_id: required(string(255)), style }),
  team: shape({ team_id: required(string(255)), style }),
  broadcast: shape({ range: required(choice('here', 'channel', 'everyone')), style }),
  color: shape({ value: required(string(255)), style }),
  date: shape({
    timestamp: required({ is: 'number' }),
    format: required(string(255)),
    url: optional(string(3000)),
    fallback: optional(string(255)),
    style,
  }),
};

const inline = required(list(typed(inlineShapes), 1000, 0));
const border = optional({ is: 'integer', min: 0, max: 1 } as const);
const section = shape({ elements: inline });

/** A rich_text block's own elements; `style` of a list is required, its indent 0 to 8 (slack-facts section 2). */
export const richTextElement: Rule = typed({
  rich_text_section: section,
  rich_text_list: shape({
    elements: required(list(typed({ rich_text_section: section }), 1000)),
    style: required(choice('bullet', 'ordered')),
    indent: optional(index),
    offset: optional({ is: 'integer', min: 0, max: 1000 }),
    border,
  }),
  rich_text_quote: shape({ elements: inline, border }),
  rich_text_preformatted: shape({
    elements: required(list(typed(pick(inlineShapes, 'text', 'link')), 1000, 0)),
    border,
  }),
});
