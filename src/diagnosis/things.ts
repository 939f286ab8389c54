import { billingThings } from './billing-things.ts';
import { incidentThings } from './incident-things.ts';
import { supportThings } from './support-things.ts';
import type { ThingKind } from './thing-kind.ts';

/** By how their ids begin. Some begin alike: then each table is looked into. */
export const thingKinds: readonly ThingKind[] = [...incidentThings, ...supportThings, ...billingThings];
