import type { Plugin } from 'rolldown';

const MARK = '\0when-used:';

/**
 * Has packages loaded when something of theirs is used, where another package asks for them at once: Bolt loads what it
 * needs for Express, for installing apps and for Socket Mode, whether these are used or not.
 */
export function packagesWhenUsed(names: readonly string[]): Plugin {
  return {
    name: 'packages-when-used',
    async resolveId(name, importer) {
      if (!names.includes(name)) return null;
      const found = await this.resolve(name, importer, { skipSelf: true });
      return found && `${MARK}${found.id}`;
    },
    load(id) {
      if (!id.startsWith(MARK)) return null;
      const path = JSON.stringify(id.slice(MARK.length));
      return `module.exports = new Proxy({}, {
        get(_none, name) {
          if (name === '__esModule') return true;
          const real = require(${path});
          return name === 'default' && !real.__esModule ? real : real[name];
        },
      });`;
    },
  };
}
