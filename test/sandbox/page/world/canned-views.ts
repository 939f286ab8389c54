const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const option = (text: string, value: string) => ({ text: plain(text), value });

/** A modal with one of each kind of field. */
export function refundView(): Record<string, unknown> {
  return {
    type: 'modal',
    title: plain('Request a refund'),
    submit: plain('Preview refund'),
    close: plain('Cancel'),
    blocks: [
      {
        type: 'section',
        block_id: 'intro',
        text: mrkdwn('Billing decides. You are told by direct message.'),
      },
      {
        type: 'input',
        block_id: 'customer',
        label: plain('Customer'),
        hint: plain('E-mail address or a Stripe id.'),
        element: {
          type: 'external_select',
          action_id: 'value',
          min_query_length: 1,
          placeholder: plain('Search customers'),
        },
      },
      {
        type: 'input',
        block_id: 'email',
        label: plain('Receipt goes to'),
        element: { type: 'email_text_input', action_id: 'value', initial_value: 'sofia@firm.com' },
      },
      {
        type: 'input',
        block_id: 'amount',
        label: plain('Amount in euros'),
        element: { type: 'number_input', action_id: 'value', is_decimal_allowed: true, min_value: '1' },
      },
      {
        type: 'input',
        block_id: 'cause',
        label: plain('Cause'),
        element: {
          type: 'radio_buttons',
          action_id: 'value',
          options: [option('Charged twice', 'twice'), option('Asked to cancel', 'cancel')],
        },
      },
      {
        type: 'input',
        block_id: 'reason',
        label: plain('Reason'),
        element: {
          type: 'plain_text_input',
          action_id: 'value',
          multiline: true,
          placeholder: plain('What happened, in a sentence'),
        },
      },
      {
        type: 'input',
        block_id: 'ticket',
        optional: true,
        label: plain('Ticket'),
        element: { type: 'plain_text_input', action_id: 'value' },
      },
    ],
  };
}

/** A second view, which lies over the first. */
export function pushedView(): Record<string, unknown> {
  return {
    type: 'modal',
    title: plain('Check the refund'),
    submit: plain('Ask billing'),
    close: plain('Back'),
    blocks: [
      {
        type: 'alert',
        block_id: 'warn',
        level: 'warning',
        text: plain('A similar refund was asked for 2 hours ago.'),
      },
      { type: 'section', block_id: 'sum', text: mrkdwn('*€49.00* back to Sofia Marin.') },
    ],
  };
}

/** Lucy’s App Home. */
export function homeView(name: string): Record<string, unknown> {
  const line = (text: string, action: string, label: string) => ({
    type: 'section',
    block_id: action,
    text: mrkdwn(text),
    accessory: { type: 'button', action_id: action, text: plain(label), value: action },
  });
  return {
    type: 'home',
    blocks: [
      { type: 'header', block_id: 'hello', text: plain(`Good afternoon, ${name}`) },
      {
        type: 'section',
        block_id: 'lead',
        text: mrkdwn(
          'Two things wait for someone; everything else is *quiet*. :large_green_circle: All probes pass.',
        ),
      },
      {
        type: 'actions',
        block_id: 'quick',
        elements: [
          { type: 'button', action_id: 'show', text: plain('Show a customer'), style: 'primary', value: 'x' },
          { type: 'button', action_id: 'grant', text: plain('Grant credits'), value: 'x' },
          { type: 'button', action_id: 'refund', text: plain('Request a refund'), value: 'x' },
        ],
      },
      { type: 'divider', block_id: 'd1' },
      { type: 'header', block_id: 'wait', text: plain('Waiting') },
      line('*Refund of €49.00* to Sofia Marin\nasked by Sam, 12 minutes ago', 'open-refund', 'Open'),
      line('*Dispute* of Disputed Inc, €120.00\nevidence is due in *3 days*', 'open-dispute', 'Open'),
      { type: 'divider', block_id: 'd2' },
      { type: 'header', block_id: 'mine', text: plain('Your last runs') },
      line('`credits grant` 100 to sofia@firm.com\n40 → 140, undone never', 'undo-1', 'Undo'),
      {
        type: 'context',
        block_id: 'foot',
        elements: [mrkdwn('You may act as *support*. Limits: 500 credits a day.')],
      },
    ],
  };
}
