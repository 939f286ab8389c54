import type { Command } from '#src/runner/define-command.ts';
import { alertAcknowledge } from './alert/acknowledge.ts';
import { approvalApprove } from './approval/approve.ts';
import { approvalCancel } from './approval/cancel.ts';
import { approvalDeny } from './approval/deny.ts';
import { approvalList } from './approval/list.ts';
import { approvalShow } from './approval/show.ts';
import { auditSearch } from './audit/search.ts';
import { auditVerify } from './audit/verify.ts';
import { backupCreate } from './backup/create.ts';
import { backupList } from './backup/list.ts';
import { backupRelease } from './backup/release.ts';
import { backupRestore } from './backup/restore.ts';
import { backupVerify } from './backup/verify.ts';
import { batchShow } from './batch/show.ts';
import { breakGlassEnd } from './break-glass/end.ts';
import { breakGlassList } from './break-glass/list.ts';
import { breakGlassReview } from './break-glass/review.ts';
import { breakGlassStart } from './break-glass/start.ts';
import { creditsAudit } from './credits/audit.ts';
import { creditsConsume } from './credits/consume.ts';
import { creditsGrant } from './credits/grant.ts';
import { creditsImport } from './credits/import.ts';
import { creditsReverse } from './credits/reverse.ts';
import { creditsShow } from './credits/show.ts';
import { creditsUnimport } from './credits/unimport.ts';
import { customerAdd } from './customer/add.ts';
import { customerDiagnose } from './customer/diagnose.ts';
import { customerExport } from './customer/export.ts';
import { customerImport } from './customer/import.ts';
import { customerLink } from './customer/link.ts';
import { customerLock } from './customer/lock.ts';
import { customerShow } from './customer/show.ts';
import { customerTimeline } from './customer/timeline.ts';
import { customerUnlink } from './customer/unlink.ts';
import { customerUnlock } from './customer/unlock.ts';
import { customerVerifyEmail } from './customer/verify-email.ts';
import { disputeAccept } from './dispute/accept.ts';
import { disputeContest } from './dispute/contest.ts';
import { disputeEvidence } from './dispute/evidence.ts';
import { disputeFraud } from './dispute/fraud.ts';
import { disputeList } from './dispute/list.ts';
import { disputeShow } from './dispute/show.ts';
import { drillList } from './drill/list.ts';
import { drillStop } from './drill/stop.ts';
import { escalationClose } from './escalation/close.ts';
import { escalationList } from './escalation/list.ts';
import { escalationShow } from './escalation/show.ts';
import { escalationTake } from './escalation/take.ts';
import { incidentChange } from './incident/change.ts';
import { incidentDeclare } from './incident/declare.ts';
import { incidentDrill } from './incident/drill.ts';
import { incidentList } from './incident/list.ts';
import { incidentNote } from './incident/note.ts';
import { incidentPostmortem } from './incident/postmortem.ts';
import { incidentReopen } from './incident/reopen.ts';
import { incidentResolve } from './incident/resolve.ts';
import { incidentStatus } from './incident/status.ts';
import { incidentUpdate } from './incident/update.ts';
import { investigationClose } from './investigation/close.ts';
import { investigationLink } from './investigation/link.ts';
import { investigationList } from './investigation/list.ts';
import { investigationNote } from './investigation/note.ts';
import { investigationShow } from './investigation/show.ts';
import { investigationStep } from './investigation/step.ts';
import { escalate } from './lucy/escalate.ts';
import { help } from './lucy/help.ts';
import { investigate } from './lucy/investigate.ts';
import { status } from './lucy/status.ts';
import { trace } from './lucy/trace.ts';
import { undo } from './lucy/undo.ts';
import { whoami } from './lucy/whoami.ts';
import { paymentGrace } from './payment/grace.ts';
import { paymentMail } from './payment/mail.ts';
import { paymentPortalLink } from './payment/portal-link.ts';
import { paymentShow } from './payment/show.ts';
import { policyExplain } from './policy/explain.ts';
import { postmortemAction } from './postmortem/action.ts';
import { postmortemDone } from './postmortem/done.ts';
import { postmortemFile } from './postmortem/file.ts';
import { postmortemWrite } from './postmortem/write.ts';
import { reconcileApply } from './reconcile/apply.ts';
import { reconcileCancel } from './reconcile/cancel.ts';
import { reconcileList } from './reconcile/list.ts';
import { reconcileRun } from './reconcile/run.ts';
import { reconcileShow } from './reconcile/show.ts';
import { refundRequest } from './refund/request.ts';
import { releaseList } from './release/list.ts';
import { releaseRollback } from './release/rollback.ts';
import { runbookAccept } from './runbook/accept.ts';
import { runbookClose } from './runbook/close.ts';
import { runbookDecline } from './runbook/decline.ts';
import { runbookList } from './runbook/list.ts';
import { runbookShow } from './runbook/show.ts';
import { runbookStart } from './runbook/start.ts';
import { runbookSuggest } from './runbook/suggest.ts';
import { runbookSuggestions } from './runbook/suggestions.ts';
import { runbookTick } from './runbook/tick.ts';
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
  alertAcknowledge,
  approvalApprove,
  approvalCancel,
  approvalDeny,
  approvalList,
  approvalShow,
  auditSearch,
  auditVerify,
  backupCreate,
  backupList,
  backupRelease,
  backupRestore,
  backupVerify,
  batchShow,
  breakGlassEnd,
  breakGlassList,
  breakGlassReview,
  breakGlassStart,
  creditsAudit,
  creditsConsume,
  creditsGrant,
  creditsImport,
  creditsReverse,
  creditsShow,
  creditsUnimport,
  customerAdd,
  customerDiagnose,
  customerExport,
  customerImport,
  customerLink,
  customerLock,
  customerShow,
  customerTimeline,
  customerUnlink,
  customerUnlock,
  customerVerifyEmail,
  disputeAccept,
  disputeContest,
  disputeEvidence,
  disputeFraud,
  disputeList,
  disputeShow,
  drillList,
  drillStop,
  escalate,
  escalationClose,
  escalationList,
  escalationShow,
  escalationTake,
  help,
  incidentChange,
  incidentDeclare,
  incidentDrill,
  incidentList,
  incidentNote,
  incidentPostmortem,
  incidentReopen,
  incidentResolve,
  incidentStatus,
  incidentUpdate,
  investigate,
  investigationClose,
  investigationLink,
  investigationList,
  investigationNote,
  investigationShow,
  investigationStep,
  paymentGrace,
  paymentMail,
  paymentPortalLink,
  paymentShow,
  policyExplain,
  postmortemAction,
  postmortemDone,
  postmortemFile,
  postmortemWrite,
  reconcileApply,
  reconcileCancel,
  reconcileList,
  reconcileRun,
  reconcileShow,
  refundRequest,
  releaseList,
  releaseRollback,
  runbookAccept,
  runbookClose,
  runbookDecline,
  runbookList,
  runbookShow,
  runbookStart,
  runbookSuggest,
  runbookSuggestions,
  runbookTick,
  status,
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
