/**
 * Commands that the runbooks name and Lucy cannot run yet: they are shown as words, without a button. A command that
 * arrives leaves this list, and its lines become buttons.
 */
export const later: ReadonlySet<string> = new Set<string>();
