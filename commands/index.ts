import type { Command } from '#src/runner/define-command.ts';
import { creditsConsume } from './credits/consume.ts';
import { creditsGrant } from './credits/grant.ts';
import { creditsReverse } from './credits/reverse.ts';
import { creditsShow } from './credits/show.ts';
import { customerAdd } from './customer/add.ts';
import { customerLink } from './customer/link.ts';
import { customerShow } from './customer/show.ts';
import { customerUnlink } from './customer/unlink.ts';
import { customerVerifyEmail } from './customer/verify-email.ts';
import { help } from './lucy/help.ts';
import { trace } from './lucy/trace.ts';
import { undo } from './lucy/undo.ts';
import { whoami } from './lucy/whoami.ts';
import { subscriptionSet } from './subscription/set.ts';
import { subscriptionShow } from './subscription/show.ts';
import { tierReset } from './tier/reset.ts';
import { tierSet } from './tier/set.ts';
import { webhookReplay } from './webhook/replay.ts';
import { webhookShow } from './webhook/show.ts';

/** Everything that Lucy can do, one line each, alphabetical. The path of a command is its name. */
export const commands: readonly Command[] = [
  creditsConsume,
  creditsGrant,
  creditsReverse,
  creditsShow,
  customerAdd,
  customerLink,
  customerShow,
  customerUnlink,
  customerVerifyEmail,
  help,
  subscriptionSet,
  subscriptionShow,
  tierReset,
  tierSet,
  trace,
  undo,
  webhookReplay,
  webhookShow,
  whoami,
];
