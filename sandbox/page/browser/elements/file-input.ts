import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { sizeInWords } from '../conversation/file-card.ts';
import { Icon } from '../icon.ts';
import { isRecord, type Json, recordsAt, textAt, textsAt } from '../read-json.ts';
import { useClient } from '../state/client.ts';
import { FILE_MAX_BYTES, readFile } from '../state/read-file.ts';
import { type ElementProps, labelling, useElement } from './use-element.ts';

type ChangeEvent = { currentTarget: HTMLInputElement };

/** Files from the person's computer: each is uploaded when it is chosen, and goes along with the form. */
export function FileInput(props: ElementProps): VNode {
  const { element, field } = props;
  const { act } = useClient();
  const held = useElement(props);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isReading, setReading] = useState(false);
  const types = textsAt(element, 'filetypes');
  const most = Number(element.max_files ?? 10);
  const files = recordsAt(held.value ?? {}, 'files');
  const keep = (kept: Json[]) => held.remember({ type: 'file_input', files: kept });

  const choose = async ({ currentTarget: input }: ChangeEvent) => {
    const [file] = input.files ?? [];
    input.value = '';
    if (!file) return;
    setRefusal(problemOf(file, types));
    if (problemOf(file, types) !== null) return;
    setReading(true);
    const answer = await act({ kind: 'choose-file', ...(await readFile(file)) });
    setReading(false);
    if (!answer.ok) return setRefusal(answer.error);
    if (isRecord(answer.body.file)) keep([...files, answer.body.file].slice(-most));
  };
  return html`<div class="file-input">
    ${files.map(
      (file) => html`<span class="file-chosen">
        <${Icon} name="file" />
        <b class="file-name">${textAt(file, 'name')}</b>
        <span class="file-facts">${sizeInWords(Number(file.size ?? 0))}</span>
        <button type="button" class="icon-button" aria-label=${`Remove ${textAt(file, 'name')}`} onClick=${() => keep(files.filter((one) => one !== file))}>
          <${Icon} name="close" />
        </button>
      </span>`,
    )}
    <label class="button button-plain file-choose" aria-busy=${isReading}>
      <span>${files.length > 0 && most === 1 ? 'Choose another file' : 'Choose a file'}</span>
      <input
        type="file"
        class="file-native"
        accept=${types.map((type) => `.${type}`).join(',')}
        ...${labelling(field, 'Choose a file')}
        disabled=${isReading}
        onChange=${choose}
      />
    </label>
    ${refusal && html`<p class="field-error" role="alert">${refusal}</p>`}
  </div>`;
}

/** What Slack's client refuses before anything is uploaded. */
function problemOf(file: File, types: readonly string[]): string | null {
  const extension = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? '';
  if (types.length > 0 && !types.includes(extension))
    return `This kind of file is not taken here; choose one of ${types.map((type) => `.${type}`).join(', ')}.`;
  if (file.size > FILE_MAX_BYTES) return 'This file is larger than 10 MB.';
  return file.size === 0 ? 'This file is empty.' : null;
}
