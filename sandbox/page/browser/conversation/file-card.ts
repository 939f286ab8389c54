import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ClientFile } from '../../../slack/client-contract.ts';
import { Icon } from '../icon.ts';
import { useClient } from '../state/client.ts';

/** A file below its message: its name and size, its first lines or the picture, and the way to get it. */
export function FileCard({ file }: { file: ClientFile }): VNode {
  const { snapshot } = useClient();
  const address = `/client/file?as=${encodeURIComponent(snapshot.as.id)}&id=${encodeURIComponent(file.id)}`;
  return html`<figure class="file" data-testid="file">
    <figcaption class="file-head">
      <span class="file-mark"><${Icon} name="file" /></span>
      <span class="file-words">
        <b class="file-name" title=${file.name}>${file.name}</b>
        <span class="file-facts">${file.type} · ${sizeInWords(file.size)} · ${file.id}</span>
      </span>
      <a class="icon-button" href=${address} download=${file.name} aria-label=${`Download ${file.name}`} title="Download">
        <${Icon} name="download" />
      </a>
    </figcaption>
    ${file.alt !== undefined && html`<a class="file-picture" href=${address} target="_blank" rel="noopener"><img src=${address} alt=${file.alt} /></a>`}
    ${
      file.preview !== null &&
      html`<pre class="file-preview" data-cut=${file.isCut} tabindex="0" aria-label=${`First lines of ${file.name}`}>${file.preview}</pre>`
    }
  </figure>`;
}

/** “812 bytes”, “12 KB”, “3.4 MB”. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
