import { isRecord, type Json, recordsAt } from '../json.ts';

/** An element inside a block, with its JSON pointer relative to the block. */
export type PlacedElement = { element: Json; pointer: string };

/** The interactive elements (and images) of a block, wherever its type keeps them. */
export function elementsOfBlock(block: Json): PlacedElement[] {
  const single = ['accessory', 'element'].flatMap((key) => {
    const element = block[key];
    return isRecord(element) ? [{ element, pointer: `/${key}` }] : [];
  });
  if (block.type !== 'actions') return single;
  return [
    ...single,
    ...recordsAt(block, 'elements').map((element, index) => ({ element, pointer: `/elements/${index}` })),
  ];
}
