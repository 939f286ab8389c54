import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Element } from '../elements/element.ts';
import { TextObject } from '../mrkdwn/mrkdwn.ts';
import { recordAt, recordsAt } from '../read-json.ts';
import type { BlockProps } from './blocks.ts';
import { BlockImage } from './image.ts';

/** Text, two columns of fields, and one accessory at the right. */
export function SectionBlock({ block, blockId }: BlockProps): VNode {
  const text = recordAt(block, 'text');
  const fields = recordsAt(block, 'fields');
  const accessory = recordAt(block, 'accessory');
  return html`<div class="block-section">
    <div class="block-section-body">
      ${text && html`<${TextObject} text=${text} />`}
      ${
        fields.length > 0 &&
        html`<div class="block-fields">${fields.map((field) => html`<div class="block-field"><${TextObject} text=${field} /></div>`)}</div>`
      }
    </div>
    ${accessory && html`<div class="block-accessory">${drawAccessory(accessory, blockId)}</div>`}
  </div>`;
}

function drawAccessory(accessory: Record<string, unknown>, blockId: string): VNode {
  if (accessory.type === 'image') return html`<${BlockImage} image=${accessory} size="thumbnail" />`;
  return html`<${Element} element=${accessory} blockId=${blockId} />`;
}
