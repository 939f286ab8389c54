/**
 * The three characters that Slack reads, in every piece of foreign text that goes into `text` or mrkdwn
 * (docs.slack.dev/messaging/formatting-message-text, “Escaping text”).
 */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * What a person typed, from what Slack made of it: `&lt;` is `<`, `<mailto:a@b.com|a@b.com>` is the address,
 * `<http://firm.com|firm.com>` what stood there, `<@U012|sam>` the member's id. One pass, so that a typed `&lt;`
 * never becomes a token.
 */
export function typedText(slackText: string): string {
  return slackText.replace(
    /<([^<>]*)>|&(lt|gt|amp);/g,
    (_whole, token: string | undefined, entity: string) =>
      token === undefined ? entities[entity as keyof typeof entities] : typedToken(token),
  );
}

const entities = { lt: '<', gt: '>', amp: '&' };

function typedToken(token: string): string {
  const at = token.indexOf('|');
  const target = at === -1 ? token : token.slice(0, at);
  const label = at === -1 ? '' : token.slice(at + 1);
  if (target.startsWith('mailto:')) return typedText(target.slice('mailto:'.length));
  if (target.startsWith('@') || target.startsWith('#')) return target.slice(1);
  if (target.startsWith('!')) return label || `@${target.slice(1)}`;
  // Slack links a bare domain by itself; then the label is what was typed.
  return typedText(label && target.endsWith(label) ? label : target);
}
