/** A request or response body as a person reads it: JSON indented, forms one field per line. */
export function prettyBody(body: string): string {
  const text = body.trim();
  if (text === '') return '(empty)';
  const json = indentJson(text);
  if (json !== null) return json;
  return isForm(text) ? prettyForm(text) : body;
}

function indentJson(text: string): string | null {
  if (!/^[[{"]/.test(text)) return null;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

function isForm(text: string): boolean {
  return /^[^\s=&]+=[^\s]*$/.test(text);
}

/** Slack's interactions are one form field, `payload`, with JSON in it. */
function prettyForm(text: string): string {
  const lines = [...new URLSearchParams(text)].map(([name, value]) => {
    const json = indentJson(value);
    return json === null ? `${name} = ${value}` : `${name} =\n${json}`;
  });
  return lines.join('\n');
}
