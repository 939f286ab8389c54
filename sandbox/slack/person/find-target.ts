import { elementsOfBlock } from '../block-kit/elements-of-block.ts';
import { type Json, recordAt, textAt } from '../json.ts';

/** An element with the ids under which it reports. */
export type Found = { element: Json; blockId: string; actionId: string };

/** The names under which a person or a test may mean an element. */
function namesOf(block: Json, element: Json): string[] {
  const texts = [recordAt(element, 'text'), recordAt(block, 'label'), recordAt(element, 'placeholder')];
  return [
    textAt(element, 'action_id'),
    ...texts.map((text) => textAt(text ?? {}, 'text')),
    textAt(element, 'accessibility_label'),
    textAt(block, 'block_id'),
  ].filter((name) => name !== '');
}

/**
 * The element with this action_id, label, placeholder or block_id: the first that matches by the earliest of these.
 * Throws with what there is, since a test that names a button wrongly should say so at once.
 */
export function findTarget(blocks: readonly Json[], name: string): Found {
  const candidates = blocks.flatMap((block) =>
    elementsOfBlock(block)
      .filter(({ element }) => element.type !== 'image')
      .map(({ element }) => ({ block, element, names: namesOf(block, element) })),
  );
  const ranked = candidates
    .filter(({ names }) => names.includes(name))
    .sort((one, other) => one.names.indexOf(name) - other.names.indexOf(name));
  const [best] = ranked;
  if (!best) {
    const known = candidates.map(({ names }) => names.slice(0, 2).join(' / ')).join(', ') || 'nothing to use';
    throw new Error(`There is no “${name}” here. There is: ${known}.`);
  }
  return {
    element: best.element,
    blockId: textAt(best.block, 'block_id'),
    actionId: textAt(best.element, 'action_id'),
  };
}
