import { isRecord, type Json, parseJson } from './json.ts';

/** A form's fields, each parsed where it holds JSON, as Slack's own arguments do. */
export function formFields(body: string): Json {
  const fields: Json = {};
  for (const [key, value] of new URLSearchParams(body)) fields[key] = jsonOrText(value);
  return fields;
}

function jsonOrText(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  const parsed = parseJson(value);
  return parsed === undefined ? value : parsed;
}

/** A body for people to read: forms and JSON become indented JSON, the rest stays. */
export function readableBody(body: string, contentType: string): string {
  if (contentType.includes('x-www-form-urlencoded')) return JSON.stringify(formFields(body), null, 2);
  const parsed = parseJson(body);
  return isRecord(parsed) || Array.isArray(parsed) ? JSON.stringify(parsed, null, 2) : body;
}
