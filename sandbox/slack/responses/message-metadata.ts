import { isRecord } from '../json.ts';

/** Metadata is an event_type and a payload of scalars, flat objects or lists (slack-facts section 8). */
export function metadataRefusal(metadata: unknown): string | null {
  if (!isRecord(metadata)) return 'invalid_metadata_format';
  if (Object.keys(metadata).length === 0) return null;
  const { event_type: type, event_payload: payload } = metadata;
  if (typeof type !== 'string' || type === '' || !isRecord(payload)) return 'invalid_metadata_format';
  return Object.values(payload).every(isFlat) ? null : 'invalid_metadata_schema';
}

function isFlat(value: unknown): boolean {
  if (isRecord(value)) return Object.values(value).every(isScalar);
  return Array.isArray(value) ? value.every((item) => isScalar(item) || isRecord(item)) : isScalar(value);
}

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
