import type { ClientFile } from '../client-contract.ts';
import { type SharedFile, textOfFile, typeOfFile } from '../world/shared-file.ts';

/** As much of a file as a message shows of it. */
const previewLines = 6;
const previewCharacters = 800;

export function clientFile(file: SharedFile): ClientFile {
  const text = textOfFile(file);
  const type = typeOfFile(file.name);
  const lines = (text ?? '')
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const preview = lines.slice(0, previewLines).join('\n').slice(0, previewCharacters);
  return {
    id: file.id,
    name: file.name,
    type: type.pretty,
    size: file.size,
    preview: text === null ? null : preview,
    ...(type.isPicture ? { alt: file.altText || file.title } : {}),
    isCut: text !== null && preview.length < lines.join('\n').length,
  };
}
