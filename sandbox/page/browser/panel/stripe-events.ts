import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { type Json, recordAt, textAt } from '../read-json.ts';

type Props = { events: Json[]; delivering: string | null; onDeliver: (id: string) => void };

const states: Record<string, { words: string; tone: string }> = {
  delivered: { words: 'Delivered', tone: 'good' },
  pending: { words: 'On its way', tone: 'quiet' },
  failed: { words: 'Failed', tone: 'bad' },
  lost: { words: 'Lost', tone: 'bad' },
};

/** The last events, how their delivery went, and a button to deliver each again. */
export function StripeEvents({ events, delivering, onDeliver }: Props): VNode {
  return html`<section class="panel-section" aria-label="Events">
    <h3>Last events</h3>
    ${events.length === 0 && html`<p class="panel-empty">Nothing has happened yet. Press a button above.</p>`}
    <ul class="events">
      ${events.map((event) => {
        const id = textAt(event, 'id');
        return html`<${StripeEvent} key=${id} event=${event} isDelivering=${delivering === id} onDeliver=${() => onDeliver(id)} />`;
      })}
    </ul>
  </section>`;
}

function StripeEvent(props: { event: Json; isDelivering: boolean; onDeliver: () => void }): VNode {
  const { event, isDelivering, onDeliver } = props;
  const delivery = recordAt(event, 'delivery') ?? {};
  const name = textAt(delivery, 'state');
  const state = states[name] ?? { words: name, tone: 'quiet' };
  const attempts = Number(textAt(delivery, 'attempts')) || 0;
  const status = textAt(delivery, 'status');
  const detail = [status, attempts > 1 ? `${attempts} attempts` : ''].filter(Boolean).join(', ');
  const time = new Date((Number(textAt(event, 'created')) || 0) * 1000);
  return html`<li class="event" data-testid="stripe-event" data-event=${textAt(event, 'id')}>
    <div class="event-head">
      <code title=${textAt(event, 'id')}>${textAt(event, 'type')}</code>
      <time>${time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })}</time>
    </div>
    ${textAt(event, 'summary') && html`<p>${textAt(event, 'summary')}</p>`}
    <div class="event-foot">
      <span class="pill" data-tone=${state.tone}>${state.words}</span>
      <span class="event-detail">${detail}</span>
      <button type="button" class="link-button" aria-busy=${isDelivering} disabled=${isDelivering} onClick=${onDeliver}>Deliver again</button>
    </div>
  </li>`;
}
