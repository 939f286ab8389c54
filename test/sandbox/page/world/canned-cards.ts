import { people } from '#sandbox/cast.ts';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });

/** The private preview that precedes every changing command. */
export function previewBlocks(): unknown[] {
  return [
    { type: 'header', block_id: 'title', text: plain('Grant 100 credits to sofia@firm.com') },
    {
      type: 'section',
      block_id: 'facts',
      text: mrkdwn('This is what would happen. *Nothing is done yet.*'),
      fields: [
        mrkdwn('*Customer*\nSofia Marin'),
        mrkdwn('*Tier*\n`pro`, paid until 12 December'),
        mrkdwn('*Credits*\n40 → *140*'),
        mrkdwn('*Reason*\nlost upload (ZD-812)'),
      ],
    },
    {
      type: 'context',
      block_id: 'note',
      elements: [mrkdwn(':leftwards_arrow_with_hook: Can be undone. Correlation id `01JD4M9Q7F`')],
    },
    {
      type: 'actions',
      block_id: 'decision',
      elements: [
        {
          type: 'button',
          action_id: 'confirm',
          text: plain('Grant 100 credits'),
          style: 'primary',
          value: 'run-1',
        },
        { type: 'button', action_id: 'cancel', text: plain('Cancel'), value: 'run-1' },
      ],
    },
  ];
}

/** A refund that awaits a decision, with a confirm dialog and a menu. */
export function approvalBlocks(): unknown[] {
  return [
    {
      type: 'section',
      block_id: 'ask',
      text: mrkdwn(
        `<@${people.sam.id}> asks to refund *€49.00* of \`in_1QK2\` to Sofia Marin.\n> charged twice after the upgrade`,
      ),
      accessory: {
        type: 'overflow',
        action_id: 'more',
        options: [
          { text: plain('Show the customer'), value: 'show' },
          { text: plain('Open the timeline'), value: 'timeline' },
        ],
      },
    },
    {
      type: 'context',
      block_id: 'when',
      elements: [
        mrkdwn('Asked <!date^1763719200^{date_short_pretty} at {time}|today> · ticket `ZD-907` · `02QK8W`'),
      ],
    },
    {
      type: 'actions',
      block_id: 'decide',
      elements: [
        {
          type: 'button',
          action_id: 'approve',
          text: plain('Approve refund'),
          style: 'primary',
          value: 'ap-1',
          confirm: {
            title: plain('Refund €49.00?'),
            text: mrkdwn('Stripe sends the money back to *Sofia’s card*. This cannot be undone.'),
            confirm: plain('Refund €49.00'),
            deny: plain('Not now'),
          },
        },
        { type: 'button', action_id: 'deny', text: plain('Deny'), style: 'danger', value: 'ap-1' },
      ],
    },
  ];
}

/** A table, as reconciliation shows it. */
export function tableBlocks(): unknown[] {
  const cell = (text: string) => ({ type: 'raw_text', text });
  const rich = (text: string, style: object) => ({
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text, style }] }],
  });
  return [
    { type: 'section', text: mrkdwn('Reconciliation of last night: *2 of 318* customers differ.') },
    {
      type: 'table',
      column_settings: [{}, {}, { align: 'right' }],
      rows: [
        [cell('Customer'), cell('Difference'), cell('Credits')],
        [cell('sofia@firm.com'), cell('Stripe says pro, we say starter'), cell('+100')],
        [rich('pay@pastdue.example', { bold: true }), cell('Grace ended, still pro'), cell('0')],
      ],
    },
  ];
}

/** Selects, pickers and checkboxes in a message. */
export function everyElementBlocks(): unknown[] {
  const options = ['One', 'Two', 'Three'].map((word) => ({ text: plain(word), value: word.toLowerCase() }));
  return [
    {
      type: 'section',
      block_id: 'pick',
      text: mrkdwn('Severity'),
      accessory: {
        type: 'static_select',
        action_id: 'severity',
        placeholder: plain('Choose severity'),
        option_groups: [
          { label: plain('Loud'), options: options.slice(0, 1) },
          { label: plain('Quiet'), options: options.slice(1) },
        ],
      },
    },
    {
      type: 'actions',
      block_id: 'row',
      elements: [
        { type: 'users_select', action_id: 'who', placeholder: plain('Commander') },
        { type: 'datepicker', action_id: 'day', initial_date: '2026-11-21' },
        { type: 'timepicker', action_id: 'time', initial_time: '14:30' },
        {
          type: 'button',
          action_id: 'docs',
          text: plain('Open the runbook'),
          url: 'https://example.com/runbook',
        },
      ],
    },
    {
      type: 'actions',
      block_id: 'ticks',
      elements: [
        {
          type: 'checkboxes',
          action_id: 'done',
          options: options.slice(0, 2),
          initial_options: options.slice(0, 1),
        },
      ],
    },
  ];
}
