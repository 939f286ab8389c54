import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type Json, plainTextAt, textAt } from '../read-json.ts';
import type { BlockProps } from './blocks.ts';

/** An image with its title. */
export function ImageBlock({ block }: BlockProps): VNode {
  const title = plainTextAt(block, 'title');
  return html`<figure class="block-image">
    ${title && html`<figcaption>${title}</figcaption>`}
    <${BlockImage} image=${block} size="full" />
  </figure>`;
}

/** The sandbox loads nothing from other hosts: their images show as a frame with the description. */
export function BlockImage({ image, size }: { image: Json; size: 'full' | 'thumbnail' | 'icon' }): VNode {
  const address = textAt(image, 'image_url');
  const description = textAt(image, 'alt_text');
  const isLocal = address.startsWith('data:image/') || isOwnAddress(address);
  if (isLocal) return html`<img class=${`image image-${size}`} src=${address} alt=${description} />`;
  const words = size === 'icon' ? '' : description || 'Image';
  return html`<span class=${`image image-frame image-${size}`} role="img" aria-label=${description} title=${address}>${words}</span>`;
}

function isOwnAddress(address: string): boolean {
  return URL.canParse(address, location.href) && new URL(address, location.href).origin === location.origin;
}
