/** JSON as Slack writes it into payloads: non-ASCII as \uXXXX, slashes escaped (slack-facts section 5). */
export function slackJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function formBody(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}
