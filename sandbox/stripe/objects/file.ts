/** https://docs.stripe.com/api/files/object */
export type StoredFile = {
  id: string;
  object: 'file';
  created: number;
  expires_at: number | null;
  filename: string;
  links: { object: 'list'; data: never[]; has_more: false; url: string };
  purpose: 'dispute_evidence';
  size: number;
  title: string | null;
  type: string;
  url: string;
};

/** Nine months: https://docs.stripe.com/file-upload */
const keptSeconds = 274 * 86_400;

export function buildFile(
  known: Pick<StoredFile, 'id' | 'created' | 'filename' | 'size' | 'type'>,
): StoredFile {
  return {
    ...known,
    object: 'file',
    expires_at: known.created + keptSeconds,
    links: { object: 'list', data: [], has_more: false, url: `/v1/file_links?file=${known.id}` },
    purpose: 'dispute_evidence',
    title: null,
    url: `https://files.stripe.com/v1/files/${known.id}/contents`,
  };
}
