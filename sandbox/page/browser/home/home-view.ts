import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { LucyMark } from '../avatar.ts';
import { BlockSurface } from '../blocks/block-surface.ts';
import { useClient } from '../state/client.ts';

/** Lucy's App Home for this person; opening it tells her, as in Slack. */
export function HomeView(): VNode {
  const { snapshot, act } = useClient();
  const { home, as } = snapshot;
  useEffect(() => void act({ kind: 'open-home' }), [as.id]);
  if (home === null) {
    return html`<div class="empty"><${LucyMark} size="large" /><p>Lucy has not drawn ${as.realName}’s Home yet.</p></div>`;
  }
  return html`<div class="home" data-testid="app-home">
    <${BlockSurface} formKey=${`home:${as.id}`} where=${{ home: true }} blocks=${home.blocks} />
  </div>`;
}
