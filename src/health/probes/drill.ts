import type { Probe } from '../probe.ts';

/** What a drill finds out of order. Nobody looks at it, so it is never seen well or down by itself. */
export const drill: Probe = {
  id: 'drill',
  title: 'DRILL, the product',
  effect: 'Nothing is out of order: this is a drill. Imagine that customers cannot pay.',
  firstStep: 'Press “I have it”, as you would at night.',
  look: async () => null,
};
