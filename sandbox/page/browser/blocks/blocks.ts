import { html } from 'htm/preact';
import type { ComponentType, VNode } from 'preact';
import { Element } from '../elements/element.ts';
import { Markdown, TextObject } from '../mrkdwn/mrkdwn.ts';
import { type Json, plainTextAt, recordAt, recordsAt, textAt } from '../read-json.ts';
import { AlertBlock } from './alert-block.ts';
import { ContextBlock } from './context-block.ts';
import { ImageBlock } from './image.ts';
import { InputBlock } from './input-block.ts';
import { RichTextBlock } from './rich-text-block.ts';
import { SectionBlock } from './section-block.ts';
import { identifiedBlocks } from './surface-state.ts';
import { TableBlock } from './table-block.ts';

/** Every block gets its Slack JSON and the id under which its elements report. */
export type BlockProps = { block: Json; blockId: string };

const drawers: Record<string, ComponentType<BlockProps>> = {
  section: SectionBlock,
  header: HeaderBlock,
  context: ContextBlock,
  actions: ActionsBlock,
  divider: () => html`<hr class="block-divider" />`,
  image: ImageBlock,
  input: InputBlock,
  rich_text: RichTextBlock,
  table: TableBlock,
  markdown: ({ block }) =>
    html`<div class="block-markdown"><${Markdown} text=${textAt(block, 'text')} /></div>`,
  alert: AlertBlock,
};

/** Draws Block Kit blocks in their order. */
export function Blocks({ blocks }: { blocks: unknown }): VNode {
  return html`<div class="blocks">
    ${identifiedBlocks(blocks).map(({ block, blockId }) => {
      const Drawer = drawers[textAt(block, 'type')] ?? UnknownBlock;
      return html`<${Drawer} key=${blockId} block=${block} blockId=${blockId} />`;
    })}
  </div>`;
}

function HeaderBlock({ block }: BlockProps): VNode {
  const text = recordAt(block, 'text') ?? { text: plainTextAt(block, 'text') };
  return html`<div class="block-header" role="heading" aria-level="3"><${TextObject} text=${text} /></div>`;
}

function ActionsBlock({ block, blockId }: BlockProps): VNode {
  const elements = recordsAt(block, 'elements');
  return html`<div class="block-actions">
    ${elements.map((element) => html`<${Element} key=${textAt(element, 'action_id')} element=${element} blockId=${blockId} />`)}
  </div>`;
}

function UnknownBlock({ block }: BlockProps): VNode {
  return html`<p class="block-unknown">A “${textAt(block, 'type')}” block, which the sandbox does not draw.</p>`;
}
