import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { TextObject } from '../mrkdwn/mrkdwn.ts';
import { recordsAt } from '../read-json.ts';
import type { BlockProps } from './blocks.ts';
import { BlockImage } from './image.ts';

/** Small grey texts and pictures in one line. */
export function ContextBlock({ block }: BlockProps): VNode {
  return html`<div class="block-context">
    ${recordsAt(block, 'elements').map((element) =>
      element.type === 'image'
        ? html`<${BlockImage} image=${element} size="icon" />`
        : html`<div class="block-context-text"><${TextObject} text=${element} /></div>`,
    )}
  </div>`;
}
