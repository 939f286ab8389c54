import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { isRecord, type Json, recordsAt, textAt } from '../read-json.ts';
import { postJson } from '../state/act.ts';
import { useClient } from '../state/client.ts';
import { StoryPanel } from './story-panel.ts';
import { StripeEvents } from './stripe-events.ts';
import { useFeed } from './use-feed.ts';

/** The local Stripe: things that can happen, who pays, and what was told to Lucy. */
export function StripeTab(): VNode {
  const { tell } = useClient();
  const { data, failure, refresh } = useFeed('/stripe/panel');
  const [running, setRunning] = useState<string | null>(null);
  const panel = isRecord(data) ? data : {};
  const post = async (path: string, body: Json, mark: string) => {
    setRunning(mark);
    const answer = await postJson(path, body);
    setRunning(null);
    tell(answer.ok ? textAt(answer.body, 'said') : answer.error);
    refresh();
  };
  if (failure !== null && data === null) {
    return html`<p class="panel-empty">The local Stripe does not answer yet.</p>`;
  }
  return html`
    <${StoryPanel} />
    <section class="panel-section" aria-label="Scenarios">
      <h3>Make something happen</h3>
      <ul class="scenarios">
        ${recordsAt(panel, 'scenarios').map((scenario) => {
          const id = textAt(scenario, 'id');
          return html`<${Scenario}
            key=${id}
            scenario=${scenario}
            isRunning=${running === id}
            onRun=${() => post('/stripe/scenario', { scenario: id }, id)}
          />`;
        })}
      </ul>
    </section>
    <section class="panel-section" aria-label="Customers">
      <h3>Customers</h3>
      <ul class="customers">
        ${recordsAt(panel, 'customers').map((customer) => html`<${Customer} key=${textAt(customer, 'id')} customer=${customer} />`)}
      </ul>
    </section>
    <${StripeEvents}
      events=${recordsAt(panel, 'events')}
      delivering=${running}
      onDeliver=${(id: string) => post('/stripe/deliver', { event: id }, id)}
    />
  `;
}

function Scenario(props: { scenario: Json; isRunning: boolean; onRun: () => void }): VNode {
  const { scenario, isRunning, onRun } = props;
  // Why it cannot happen now; it says so instead of what it would do.
  const whyNot = textAt(scenario, 'whyNot');
  return html`<li>
    <button type="button" class="scenario" aria-busy=${isRunning} disabled=${isRunning || whyNot !== ''} onClick=${onRun}>
      <b>${textAt(scenario, 'title')}</b>
      <span>${whyNot || textAt(scenario, 'explanation')}</span>
    </button>
  </li>`;
}

function Customer({ customer }: { customer: Json }): VNode {
  return html`<li class="customer" title=${textAt(customer, 'id')}>
    <div class="customer-head">
      <b>${textAt(customer, 'name')}</b>
      <span>${textAt(customer, 'email')}</span>
    </div>
    <p>${textAt(customer, 'summary')}</p>
  </li>`;
}
