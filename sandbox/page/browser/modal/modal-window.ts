import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { ClientModal } from '../../../slack/client-contract.ts';
import { BlockSurface } from '../blocks/block-surface.ts';
import { readFormValues } from '../blocks/form-values.ts';
import { surfaceState } from '../blocks/surface-state.ts';
import { plainTextAt } from '../read-json.ts';
import { useClient } from '../state/client.ts';
import { Dialog } from './dialog.ts';
import { inputProblems } from './input-problems.ts';

/** The view on top of the person's stack. What was typed survives errors, updates and pushed views. */
export function ModalWindow({ modal }: { modal: ClientModal }): VNode {
  const { act } = useClient();
  const { view, viewId } = modal;
  const formKey = `view:${viewId}`;
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isSending, setSending] = useState(false);
  const isPending = isSending || modal.pending;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (isPending) return;
    const state = surfaceState(view.blocks, readFormValues(formKey));
    const found = inputProblems(view.blocks, state);
    setProblems(found);
    setRefusal(null);
    if (Object.keys(found).length > 0) return showFirstProblem(event.currentTarget);
    setSending(true);
    const answer = await act({ kind: 'submit', viewId, state });
    setSending(false);
    if (!answer.ok) setRefusal(answer.error);
  };
  const close = () => void act({ kind: 'close-modal', viewId });
  const submitLabel = plainTextAt(view, 'submit');
  return html`<${Dialog} title=${plainTextAt(view, 'title')} size="medium" isStacked=${modal.depth > 1} onClose=${close}>
    <form class="modal-form" novalidate onSubmit=${submit} aria-busy=${isPending}>
      <div class="modal-body">
        ${refusal && html`<p class="modal-refusal" role="alert">${refusal}</p>`}
        <${BlockSurface} formKey=${formKey} where=${{ viewId }} blocks=${view.blocks} errors=${{ ...modal.errors, ...problems }} />
      </div>
      <footer class="modal-foot">
        <button type="button" class="button button-plain" onClick=${close}>${plainTextAt(view, 'close') || 'Close'}</button>
        ${
          submitLabel &&
          html`<button type="submit" class="button button-primary" aria-busy=${isPending} disabled=${isPending}><span>${submitLabel}</span></button>`
        }
      </footer>
    </form>
  <//>`;
}

/** After the errors are drawn; a long form may hold them out of sight. */
function showFirstProblem(form: EventTarget | null): void {
  if (!(form instanceof HTMLElement)) return;
  requestAnimationFrame(() =>
    form.querySelector('[data-invalid="true"]')?.scrollIntoView({ block: 'nearest' }),
  );
}
