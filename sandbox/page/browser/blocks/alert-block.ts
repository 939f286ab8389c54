import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { Icon, type IconName } from '../icon.ts';
import { TextObject } from '../mrkdwn/mrkdwn.ts';
import { plainTextAt, recordAt, textAt } from '../read-json.ts';
import type { BlockProps } from './blocks.ts';

const icons: Record<string, IconName> = { warning: 'warning', error: 'warning', success: 'check' };

/** A coloured note in a view. */
export function AlertBlock({ block }: BlockProps): VNode {
  const level = textAt(block, 'level') || 'default';
  const text = recordAt(block, 'text') ?? { type: 'plain_text', text: plainTextAt(block, 'text') };
  return html`<div class="block-alert" data-level=${level} role=${level === 'error' ? 'alert' : 'note'}>
    <${Icon} name=${icons[level] ?? 'info'} />
    <div><${TextObject} text=${text} /></div>
  </div>`;
}
