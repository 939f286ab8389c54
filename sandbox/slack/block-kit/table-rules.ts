import { richTextElement } from './rich-text-rules.ts';
import { boolean, choice, list, optional, type Rule, required, shape, string, typed } from './rule.ts';

const cell = typed({
  raw_text: shape({ text: required(string(10_000)) }),
  raw_number: shape({ value: required({ is: 'number' }), text: required(string(10_000)) }),
  rich_text: shape({ elements: required(list(richTextElement, 1000)), block_id: optional(string(255)) }),
});

/** At most 20 cells (slack-facts section 2, "table"). */
export const tableRow: Rule = list(cell, 20);

/** A null skips a column. */
export const columnSettings: Rule = list(
  {
    is: 'nullable',
    rule: shape({ align: optional(choice('left', 'center', 'right')), is_wrapped: optional(boolean) }),
  },
  20,
);
