import type { Command } from '#src/runner/define-command.ts';
import { creditsGrant } from './credits/grant.ts';
import { customerAdd } from './customer/add.ts';
import { customerShow } from './customer/show.ts';
import { webhookReplay } from './webhook/replay.ts';
import { webhookShow } from './webhook/show.ts';

/** Everything that Lucy can do, one line each, alphabetical. The path of a command is its name. */
export const commands: readonly Command[] = [creditsGrant, customerAdd, customerShow, webhookReplay, webhookShow];
