import { defang } from '#src/core/text.ts';

/** What both forms are made of. */
export type MailBody = {
  heading: string;
  paragraphs: string[];
  steps: string[];
  links: { label: string; url: string }[];
  footer: string[];
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML: it can neither open a tag nor leave an attribute. */
export function escapeHtml(text: string): string {
  return defang(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

const styles = {
  page: 'margin:0;padding:24px 12px;background:#f4f4f6;color:#1d1c1d',
  card: 'max-width:560px;margin:0 auto;padding:28px 28px 20px;background:#ffffff;border-radius:12px;font:16px/1.5 -apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif',
  heading: 'margin:0 0 16px;font-size:22px;line-height:1.25',
  text: 'margin:0 0 14px',
  list: 'margin:0 0 18px;padding-left:22px',
  button:
    'display:inline-block;margin:0 8px 12px 0;padding:11px 18px;border-radius:8px;background:#4a154b;color:#ffffff;text-decoration:none;font-weight:600',
  footer: 'margin:18px 0 0;padding-top:14px;border-top:1px solid #dddde2;color:#616061;font-size:13px',
};

/** Inline styles and no images, so that every mail program shows it, and nothing is fetched from anywhere. */
export function htmlOf({ heading, paragraphs, steps, links, footer }: MailBody): string {
  const shown = [
    tag('h1', styles.heading, escapeHtml(heading)),
    ...paragraphs.filter(Boolean).map((text) => tag('p', styles.text, escapeHtml(text))),
    ...(steps.length > 0
      ? [
          tag('p', styles.text, '<b>What you can do</b>'),
          tag('ol', styles.list, steps.map((step) => `<li>${escapeHtml(step)}</li>`).join('')),
        ]
      : []),
    links.map(({ label, url }) => button(label, url)).join(''),
    tag('p', styles.footer, footer.map(escapeHtml).join('<br>')),
  ];
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(heading)}</title></head>
<body style="${styles.page}"><div style="${styles.card}">
${shown.filter(Boolean).join('\n')}
</div></body>
</html>
`;
}

function tag(name: string, style: string, inner: string): string {
  return `<${name} style="${style}">${inner}</${name}>`;
}

function button(label: string, url: string): string {
  return `<a style="${styles.button}" href="${escapeHtml(url)}">${escapeHtml(label)}</a>`;
}
