import { buildPortalConfiguration, type PortalConfiguration } from '../objects/billing-portal.ts';
import type { Core } from './core.ts';

/** Someone saves the portal settings in the Dashboard; before that no portal session can be made. */
export function savePortalSettings(core: Core): PortalConfiguration {
  const configuration = buildPortalConfiguration({
    id: core.newId('portalConfiguration'),
    created: core.now(),
    is_default: true,
    livemode: core.livemode,
  });
  core.tables.portalConfigurations.add(configuration);
  core.emit('billing_portal.configuration.created', configuration);
  return configuration;
}
