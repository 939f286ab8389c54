import { isRecord, type Json } from '../json.ts';
import { elementsOfBlock } from './elements-of-block.ts';

/**
 * What Slack adds before it stores blocks, and so what payloads contain: `emoji` and `verbatim` on text objects,
 * a `block_id` on every block, an `action_id` on every element that can act.
 */
export function fillBlocks(blocks: readonly Json[], nextId: () => string): Json[] {
  return blocks.map((block) => {
    const filled = recordWithTextDefaults(block);
    for (const { element } of elementsOfBlock(filled)) {
      if (element.type !== 'image') element.action_id ??= nextId();
    }
    return { ...filled, block_id: filled.block_id || nextId() };
  });
}

/** A copy in which every text object says its `emoji` or `verbatim`. */
export function withTextDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTextDefaults);
  return isRecord(value) ? recordWithTextDefaults(value) : value;
}

export function recordWithTextDefaults(value: Json): Json {
  const copy: Json = {};
  for (const [key, inner] of Object.entries(value)) copy[key] = withTextDefaults(inner);
  if (copy.type === 'plain_text') copy.emoji ??= true;
  if (copy.type === 'mrkdwn') copy.verbatim ??= false;
  return copy;
}
