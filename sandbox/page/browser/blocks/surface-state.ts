import { initialValue } from '../elements/initial-value.ts';
import { isRecord, type Json, recordAt, recordsAt, textAt } from '../read-json.ts';
import type { FormValues } from './form-values.ts';

/** Blocks with the ids under which their elements report. */
export function identifiedBlocks(blocks: unknown): { block: Json; blockId: string }[] {
  const list = Array.isArray(blocks) ? blocks.filter(isRecord) : [];
  return list.map((block, index) => ({
    block,
    blockId: textAt(block, 'block_id') || `block-${index}`,
  }));
}

/** What a submission or a click carries: every element that holds a value, touched or not. */
export function surfaceState(blocks: unknown, values: FormValues): FormValues {
  const state: FormValues = {};
  for (const { block, blockId } of identifiedBlocks(blocks)) {
    for (const element of elementsOf(block)) {
      const actionId = textAt(element, 'action_id');
      const value = values[blockId]?.[actionId] ?? initialValue(element);
      if (value !== null) state[blockId] = { ...state[blockId], [actionId]: value };
    }
  }
  return state;
}

function elementsOf(block: Json): Json[] {
  const single = [recordAt(block, 'element'), recordAt(block, 'accessory')];
  const listed = block.type === 'actions' ? recordsAt(block, 'elements') : [];
  return [...single.filter((element) => element !== null), ...listed];
}
