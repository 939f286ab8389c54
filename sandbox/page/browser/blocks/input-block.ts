import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { Element } from '../elements/element.ts';
import { plainTextAt, recordAt } from '../read-json.ts';
import type { BlockProps } from './blocks.ts';
import { useSurface } from './surface.ts';

/** A labelled field, with its hint, and below it what is wrong with it. */
export function InputBlock({ block, blockId }: BlockProps): VNode {
  const { errors } = useSurface();
  const id = useId();
  const element = recordAt(block, 'element');
  const error = errors[blockId];
  const hint = plainTextAt(block, 'hint');
  const field = {
    inputId: `${id}-field`,
    labelId: `${id}-label`,
    describedBy: [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' '),
    isInvalid: error !== undefined,
    dispatches: block.dispatch_action === true,
  };
  return html`<div class="block-input" data-block-id=${blockId} data-invalid=${error !== undefined}>
    <label class="field-label" id=${field.labelId} for=${field.inputId}>
      ${plainTextAt(block, 'label')}
      ${block.optional === true && html`<span class="field-optional"> (optional)</span>`}
    </label>
    ${element && html`<${Element} element=${element} blockId=${blockId} field=${field} />`}
    ${error && html`<p class="field-error" id=${`${id}-error`} role="alert">${error}</p>`}
    ${hint && html`<p class="field-hint" id=${`${id}-hint`}>${hint}</p>`}
  </div>`;
}
