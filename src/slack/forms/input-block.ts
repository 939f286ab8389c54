import type { z } from 'zod';
import type { Settings } from '#src/core/settings.ts';
import { clamp, defang } from '#src/core/text.ts';
import { type FieldMeta, fieldMeta, isRequired } from '#src/runner/fields.ts';
import { type InputBlock, plainText } from '../block-kit.ts';

/** Block ids name the input, so that an error finds its field; Slack keeps what was typed while ids stay the same. */
const prefix = 'input:';
export const valueAction = 'value';

export function inputBlockId(name: string): string {
  return `${prefix}${name}`;
}

/** Null for a block that is no input of a command. */
export function inputName(blockId: string): string | null {
  return blockId.startsWith(prefix) ? blockId.slice(prefix.length) : null;
}

/** Slack's limits (docs.slack.dev/reference/block-kit/block-elements): 3,000 typed, 100 options, 75 each. */
const TYPED_MAX = 3_000;
const OPTIONS_MAX = 100;

/** One input of a command as a field of its modal: label, hint, and what was typed already. */
export function inputBlock(
  name: string,
  schema: z.ZodType,
  typed: string | undefined,
  settings: Settings,
): InputBlock {
  const meta = fieldMeta(schema);
  if (meta.control === 'flag') return checkbox(name, meta, typed);
  if (meta.control === 'file') return fileInput(name, meta, typed);
  const choices = (meta.options ?? optionsFrom(meta.optionsFrom, settings)).filter((choice) => choice !== '');
  const isSelect = meta.control === 'select' && choices.length > 0 && choices.length <= OPTIONS_MAX;
  return {
    type: 'input',
    block_id: inputBlockId(name),
    label: plainText(clamp(meta.label, 200)),
    ...(meta.hint ? { hint: plainText(clamp(meta.hint, 300)) } : {}),
    optional: !isRequired(schema),
    element: isSelect
      ? select(choices, typed, meta.placeholder)
      : {
          type: 'plain_text_input',
          action_id: valueAction,
          multiline: meta.control === 'multiline',
          ...(typed ? { initial_value: clamp(defang(typed, true), TYPED_MAX) } : {}),
          ...(meta.placeholder ? { placeholder: plainText(clamp(meta.placeholder, 150)) } : {}),
        },
  };
}

/**
 * A chosen file cannot be put back into a form (docs.slack.dev/reference/block-kit/block-elements/file-input-element), so
 * one that is known already need not be chosen again.
 */
function fileInput(name: string, meta: FieldMeta, typed: string | undefined): InputBlock {
  const hint = typed ? 'Leave it empty for the file that you named.' : meta.hint;
  return {
    type: 'input',
    block_id: inputBlockId(name),
    label: plainText(clamp(meta.label, 200)),
    ...(hint ? { hint: plainText(hint) } : {}),
    optional: Boolean(typed),
    element: { type: 'file_input', action_id: valueAction, filetypes: ['csv', 'text'], max_files: 1 },
  };
}

/** Nothing ticked is no, so it is never required. */
function checkbox(name: string, meta: FieldMeta, typed: string | undefined): InputBlock {
  const option = { text: plainText(clamp(meta.hint ?? meta.label, 75)), value: 'true' };
  return {
    type: 'input',
    block_id: inputBlockId(name),
    label: plainText(clamp(meta.label, 200)),
    optional: true,
    element: {
      type: 'checkboxes',
      action_id: valueAction,
      options: [option],
      ...(typed === 'true' ? { initial_options: [option] } : {}),
    },
  };
}

function select(
  choices: readonly string[],
  typed: string | undefined,
  placeholder: string | undefined,
): InputBlock['element'] {
  const options = choices.map((choice) => ({ text: plainText(clamp(choice, 75)), value: choice }));
  const initial = options.find((option) => option.value === typed?.trim().toLowerCase());
  return {
    type: 'static_select',
    action_id: valueAction,
    options,
    ...(initial ? { initial_option: initial } : {}),
    ...(placeholder ? { placeholder: plainText(clamp(placeholder, 150)) } : {}),
  };
}

function optionsFrom(source: 'tiers' | 'manual_types' | undefined, settings: Settings): readonly string[] {
  if (source === 'tiers') return settings.tiers;
  return source === 'manual_types' ? Object.keys(settings.billing.manual_types) : [];
}
