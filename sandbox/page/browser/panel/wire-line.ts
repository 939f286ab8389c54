import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { WireEntry } from '../../../slack/client-contract.ts';
import { prettyBody } from './pretty-body.ts';

const names = { slack: 'Slack', lucy: 'Lucy', stripe: 'Stripe' };

/** One request; open, it shows both bodies. */
export function WireLine({ entry }: { entry: WireEntry }): VNode {
  const [isOpen, setOpen] = useState(false);
  const time = new Date(entry.at).toLocaleTimeString('en-GB');
  return html`<li class="wire-line" data-testid="wire-entry">
    <button type="button" class="wire-head" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
      <span class="wire-route"><i data-who=${entry.from}>${names[entry.from]}</i><span aria-label="to">→</span><i data-who=${entry.to}>${names[entry.to]}</i></span>
      <span class="wire-label">${entry.label}</span>
      <span class="wire-meta">
        <span class="pill" data-tone=${toneOf(entry.status)}>${entry.status ?? 'no answer'}</span>
        <span>${entry.durationMs === null ? '' : `${Math.round(entry.durationMs)} ms`}</span>
        <time>${time}</time>
      </span>
    </button>
    ${
      isOpen &&
      html`<div class="wire-bodies">
      <h4>Request</h4>
      <pre tabindex="0">${prettyBody(entry.request)}</pre>
      <h4>Response</h4>
      <pre tabindex="0">${prettyBody(entry.response)}</pre>
    </div>`
    }
  </li>`;
}

function toneOf(status: number | null): string {
  if (status === null || status >= 500) return 'bad';
  return status >= 400 ? 'warn' : 'good';
}
