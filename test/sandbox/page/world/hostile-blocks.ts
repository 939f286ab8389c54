const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });

/** Text that tries everything a customer's name could try. */
export const hostileText = '<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script>';
export const hostileLink = '<javascript:window.hacked=1|click me>';

/** The hostile text in every place where a block carries text. */
export const hostileBlocks = (): unknown[] => [
  { type: 'header', text: plain(hostileText) },
  {
    type: 'section',
    text: mrkdwn(`${hostileText} ${hostileLink}`),
    fields: [mrkdwn(hostileText), plain(hostileText)],
  },
  { type: 'context', elements: [mrkdwn(hostileText), plain(hostileText)] },
  { type: 'markdown', text: `${hostileText} [click](javascript:window.hacked=1)` },
  {
    type: 'rich_text',
    elements: [
      {
        type: 'rich_text_section',
        elements: [
          { type: 'text', text: hostileText },
          { type: 'link', url: 'javascript:window.hacked=1', text: 'rich link' },
        ],
      },
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: hostileText }] },
    ],
  },
  {
    type: 'table',
    rows: [[{ type: 'raw_text', text: hostileText }], [{ type: 'raw_text', text: hostileText }]],
  },
  { type: 'alert', level: 'error', text: plain(hostileText) },
  {
    type: 'image',
    title: plain(hostileText),
    alt_text: hostileText,
    image_url: 'https://evil.example/x.png',
  },
  {
    type: 'actions',
    elements: [
      { type: 'button', action_id: 'bad-link', text: plain(hostileText), url: 'javascript:window.hacked=1' },
      { type: 'static_select', action_id: 'bad-option', options: [{ text: plain(hostileText), value: 'x' }] },
    ],
  },
];
