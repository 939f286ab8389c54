import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type Json, recordAt } from '../read-json.ts';
import { ConfirmDialog } from './confirm-dialog.ts';
import type { useElement } from './use-element.ts';

/** The confirm dialog of an element, while its answer is awaited. */
export function ElementConfirm(props: { element: Json; held: ReturnType<typeof useElement> }): VNode | null {
  const { element, held } = props;
  if (held.asking === null) return null;
  const confirm = recordAt(element, 'confirm');
  return html`<${ConfirmDialog} confirm=${confirm} onConfirm=${held.confirm} onDismiss=${held.dismiss} />`;
}
