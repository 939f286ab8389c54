import type { Command } from '#src/runner/define-command.ts';
import { approvalApprove } from './approval/approve.ts';
import { approvalCancel } from './approval/cancel.ts';
import { approvalDeny } from './approval/deny.ts';
import { approvalList } from './approval/list.ts';
import { approvalShow } from './approval/show.ts';
import { auditSearch } from './audit/search.ts';
import { auditVerify } from './audit/verify.ts';
import { breakGlassEnd } from './break-glass/end.ts';
import { breakGlassList } from './break-glass/list.ts';
import { breakGlassReview } from './break-glass/review.ts';
import { breakGlassStart } from './break-glass/start.ts';
import { creditsAudit } from './credits/audit.ts';
import { creditsConsume } from './credits/consume.ts';
import { creditsGrant } from './credits/grant.ts';
import { creditsReverse } from './credits/reverse.ts';
import { creditsShow } from './credits/show.ts';
import { customerAdd } from './customer/add.ts';
import { customerLink } from './customer/link.ts';
import { customerLock } from './customer/lock.ts';
import { customerShow } from './customer/show.ts';
import { customerTimeline } from './customer/timeline.ts';
import { customerUnlink } from './customer/unlink.ts';
import { customerUnlock } from './customer/unlock.ts';
import { customerVerifyEmail } from './customer/verify-email.ts';
import { help } from './lucy/help.ts';
import { trace } from './lucy/trace.ts';
import { undo } from './lucy/undo.ts';
import { whoami } from './lucy/whoami.ts';
import { paymentGrace } from './payment/grace.ts';
import { paymentMail } from './payment/mail.ts';
import { paymentPortalLink } from './payment/portal-link.ts';
import { paymentShow } from './payment/show.ts';
import { policyExplain } from './policy/explain.ts';
import { refundRequest } from './refund/request.ts';
import { subscriptionCancel } from './subscription/cancel.ts';
import { subscriptionSet } from './subscription/set.ts';
import { subscriptionShow } from './subscription/show.ts';
import { tierReset } from './tier/reset.ts';
import { tierSet } from './tier/set.ts';
import { webhookFailed } from './webhook/failed.ts';
import { webhookHealth } from './webhook/health.ts';
import { webhookReplay } from './webhook/replay.ts';
import { webhookResend } from './webhook/resend.ts';
import { webhookShow } from './webhook/show.ts';

/** Everything that Lucy can do, one line each, alphabetical. The path of a command is its name. */
export const commands: readonly Command[] = [
  approvalApprove,
  approvalCancel,
  approvalDeny,
  approvalList,
  approvalShow,
  auditSearch,
  auditVerify,
  breakGlassEnd,
  breakGlassList,
  breakGlassReview,
  breakGlassStart,
  creditsAudit,
  creditsConsume,
  creditsGrant,
  creditsReverse,
  creditsShow,
  customerAdd,
  customerLink,
  customerLock,
  customerShow,
  customerTimeline,
  customerUnlink,
  customerUnlock,
  customerVerifyEmail,
  help,
  paymentGrace,
  paymentMail,
  paymentPortalLink,
  paymentShow,
  policyExplain,
  refundRequest,
  subscriptionCancel,
  subscriptionSet,
  subscriptionShow,
  tierReset,
  tierSet,
  trace,
  undo,
  webhookFailed,
  webhookHealth,
  webhookReplay,
  webhookResend,
  webhookShow,
  whoami,
];
