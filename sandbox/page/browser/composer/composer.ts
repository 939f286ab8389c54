import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../icon.ts';
import type { ActAnswer } from '../state/act.ts';
import { CompletionPopup } from './completion-popup.ts';
import type { Completion } from './completions.ts';
import { useCompletion } from './use-completion.ts';

type Props = {
  label: string;
  draft: string;
  onWrite: (text: string) => void;
  /** Slack has no slash commands in threads. */
  completes: boolean;
  onSend: (text: string) => Promise<ActAnswer>;
  /** Puts a file into the channel; left out where that is not drawn. */
  onAttach?: (file: File) => Promise<ActAnswer>;
};

/** The field to write in. Enter sends, Shift+Enter makes a new line; a refused text comes back. */
export function Composer({ label, draft, onWrite, completes, onSend, onAttach }: Props): VNode {
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [refusal, setRefusal] = useState<string | null>(null);
  const completion = useCompletion(draft, onWrite, completes);
  const isOpen = completion.completions.length > 0;
  useLayoutEffect(() => fitHeight(field.current), [draft]);

  const send = async () => {
    const text = draft.trim();
    if (text === '') return;
    onWrite('');
    completion.reset();
    setRefusal(null);
    const answer = await onSend(text);
    if (answer.ok) return;
    setRefusal(answer.error);
    if (field.current?.value === '') onWrite(text);
  };
  const attach = async ({ currentTarget: input }: { currentTarget: HTMLInputElement }) => {
    const [file] = input.files ?? [];
    if (!file || !onAttach) return;
    const answer = await onAttach(file);
    input.value = '';
    setRefusal(answer.ok ? null : answer.error);
  };
  const onInput = (event: { currentTarget: HTMLTextAreaElement }) => {
    onWrite(event.currentTarget.value);
    completion.reset();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.shiftKey) return;
    if (isOpen && completion.handleKey(event.key)) event.preventDefault();
    else if (event.key === 'Enter') {
      event.preventDefault();
      void send();
    }
  };
  const choose = (chosen: Completion) => {
    completion.accept(chosen);
    field.current?.focus();
  };
  return html`<div class="composer">
    ${isOpen && html`<${CompletionPopup} id=${listId} completions=${completion.completions} active=${completion.active} onChoose=${choose} />`}
    ${refusal && html`<p class="composer-refusal" role="alert">${refusal}</p>`}
    <div class="composer-box">
      <textarea
        ref=${field}
        rows="1"
        aria-label=${label}
        placeholder=${label}
        aria-autocomplete=${completes ? 'list' : undefined}
        aria-controls=${isOpen ? listId : undefined}
        aria-activedescendant=${isOpen ? `${listId}-${completion.active}` : undefined}
        value=${draft}
        onInput=${onInput}
        onKeyDown=${onKeyDown}
      ></textarea>
      ${
        onAttach &&
        html`<label class="attach" title="Attach a file">
        <${Icon} name="clip" />
        <input type="file" class="file-native" aria-label="Attach a file" onChange=${attach} />
      </label>`
      }
      <button type="button" class="send" aria-label="Send" disabled=${draft.trim() === ''} onClick=${send}><${Icon} name="send" /></button>
    </div>
  </div>`;
}

/** The field grows with its text, up to the height that the style allows. */
function fitHeight(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
