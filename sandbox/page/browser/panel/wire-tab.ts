import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { WireEntry } from '../../../slack/client-contract.ts';
import { Icon } from '../icon.ts';
import { isRecord } from '../read-json.ts';
import { useFeed } from './use-feed.ts';
import { WireLine } from './wire-line.ts';

const filters = ['All', 'Slack', 'Stripe'] as const;
type Filter = (typeof filters)[number];

/** Everything that went between Slack, Stripe and Lucy, newest first. */
export function WireTab(): VNode {
  const { data } = useFeed('/wire');
  const [filter, setFilter] = useState<Filter>('All');
  const entries = (Array.isArray(data) ? data : [])
    .filter(isWireEntry)
    .filter((entry) => isShown(entry, filter));
  return html`
    <div class="wire-filters" role="group" aria-label="Show">
      ${filters.map(
        (name) =>
          html`<button type="button" class="chip" aria-pressed=${name === filter} onClick=${() => setFilter(name)}>${name}</button>`,
      )}
    </div>
    ${
      entries.length === 0 &&
      html`<div class="panel-blank">
      <${Icon} name="wire" />
      <h3>The wire is quiet</h3>
      <p>Every request between Slack, Stripe and Lucy appears here, with its answer. Send a command to see the first.</p>
    </div>`
    }
    <ul class="wire" aria-label="Requests">
      ${keyed(entries).map(({ entry, key }) => html`<${WireLine} key=${key} entry=${entry} />`)}
    </ul>
  `;
}

/** Entries have no ids; two alike in the same millisecond are told apart by their count. */
function keyed(entries: readonly WireEntry[]): { entry: WireEntry; key: string }[] {
  const counts = new Map<string, number>();
  return entries.map((entry) => {
    const base = `${entry.at} ${entry.from} ${entry.label}`;
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    return { entry, key: `${base} ${count}` };
  });
}

function isShown(entry: WireEntry, filter: Filter): boolean {
  const name = filter.toLowerCase();
  return filter === 'All' || entry.from === name || entry.to === name;
}

function isWireEntry(value: unknown): value is WireEntry {
  return isRecord(value) && typeof value.label === 'string' && typeof value.request === 'string';
}
