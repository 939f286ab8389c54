import type { Block } from './block-kit.ts';

/** A block id may have 255 characters (docs.slack.dev/reference/block-kit/blocks/actions-block). */
const ID_MAX = 255;
const PREFIX = 'card';

/** Writes the card's key into the ids of its rows of buttons, so that a click says which card it was made on. */
export function markCard(blocks: readonly Block[], key: string): Block[] {
  return blocks.map((block, index) => {
    const id = `${PREFIX}|${index}|${key}`;
    return block.type === 'actions' && id.length <= ID_MAX ? { ...block, block_id: id } : block;
  });
}

/** The key of the card; null for a button that is on none. */
export function readCardMark(blockId: string): string | null {
  const [prefix, index, ...key] = blockId.split('|');
  return prefix === PREFIX && index !== undefined && key.length > 0 ? key.join('|') : null;
}
