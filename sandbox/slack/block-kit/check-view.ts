import { isRecord, type Json } from '../json.ts';
import { check } from './check.ts';
import { checkBlocks } from './check-blocks.ts';
import {
  boolean,
  optional,
  type Problem,
  type Rule,
  required,
  type ShapeRule,
  shape,
  string,
  typed,
} from './rule.ts';
import { plainText } from './text-rules.ts';

/** Blocks are checked apart: their own rules come after those of the view around them. */
const blocks: Rule = { is: 'list', of: shape({}), min: 0, max: 100 };

/** A home has these keys and no other (slack-facts section 2: no title, submit or close). */
const homeFields = {
  blocks: required(blocks),
  private_metadata: optional(string(3000, 0)),
  callback_id: optional(string(255, 0)),
  external_id: optional(string(255, 0)),
};

const viewShapes: Record<string, ShapeRule> = {
  home: shape(homeFields),
  modal: shape({
    ...homeFields,
    title: required(plainText(24)),
    submit: optional({ is: 'nullable', rule: plainText(24) }),
    close: optional({ is: 'nullable', rule: plainText(24) }),
    clear_on_close: optional(boolean),
    notify_on_close: optional(boolean),
  }),
};

/** Everything that Slack refuses about a view (slack-facts section 2), its blocks included. */
export function checkView(view: unknown, types: readonly ('modal' | 'home')[]): Problem[] {
  const allowed = Object.fromEntries(
    Object.entries(viewShapes).filter(([type]) => types.some((t) => t === type)),
  );
  const outer = isRecord(view) ? { ...view, ...withEmptyBlocks(view) } : view;
  const problems = check(typed(allowed), outer, '/view', 'modal');
  if (isRecord(view) && view.blocks !== undefined) {
    problems.push(...checkBlocks(view.blocks, '/view/blocks', view.type === 'home' ? 'home' : 'modal'));
  }
  if (problems.length > 0)
    return [{ message: 'failed to match all allowed schemas', pointer: '/view' }, ...problems];
  return isRecord(view) ? checkSubmit(view) : [];
}

function withEmptyBlocks(view: Json): Json {
  return Array.isArray(view.blocks) ? { blocks: [] } : {};
}

/** A modal with an input must have a submit button, else nothing could be sent. */
function checkSubmit(view: Json): Problem[] {
  if (view.type !== 'modal' || view.submit || !Array.isArray(view.blocks)) return [];
  const input = view.blocks.findIndex((block) => isRecord(block) && block.type === 'input');
  if (input < 0) return [];
  return [
    {
      message: 'must define `submit` to use an `input` block in modals',
      pointer: `/view/blocks/${input}/input`,
    },
  ];
}
