import { apiVersion } from '../api-version.ts';
import type { StripeEvent } from '../objects/event.ts';
import type { Core } from '../world/core.ts';
import { renderOldEvent } from './render-old-event.ts';

export type BodyStyle = 'compact' | 'pretty';

export type Rendering = {
  /** An endpoint can have a version of its own: `2020-08-27` is from before everything moved in basil. */
  renderAs?: string | null;
  /** Stripe prints with two spaces; nothing may depend on it. */
  style?: BodyStyle;
};

/** The raw body of a webhook. */
export function renderEvent(core: Core, event: StripeEvent, rendering: Rendering = {}): string {
  const version = rendering.renderAs ?? apiVersion;
  const rendered = version === apiVersion ? event : renderOldEvent(core, event, version);
  return rendering.style === 'compact' ? JSON.stringify(rendered) : JSON.stringify(rendered, null, 2);
}
