/** How Lucy's Node is started everywhere (docs/decisions/0027-where-memory-ends.md); what she is compared with, too. */
export const asDeployed = ['--max-semi-space-size=16'];
