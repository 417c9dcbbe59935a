// Every operation there is, in the order the documentation shows them.
import { apiKeyOperations } from "./api-keys.ts";
import { auditOperations } from "./audit.ts";
import { awardAcceptanceOperations } from "./award-acceptance.ts";
import { awardExportOperations } from "./award-export.ts";
import { awardMailOperations } from "./award-mail.ts";
import { awardPreviewOperation } from "./award-preview.ts";
import { awardOperations } from "./awards.ts";
import { badgeCriteriaOperations } from "./badge-criteria.ts";
import { badgeLifecycleOperations } from "./badge-lifecycle.ts";
import { badgePartOperations } from "./badge-parts.ts";
import { badgeOperations } from "./badges.ts";
import { claimCodeOperations } from "./claim-codes.ts";
import { evaluationOperations } from "./evaluations.ts";
import { eventSourceOperations } from "./event-sources.ts";
import { eventOperations, signedEventOperations } from "./events.ts";
import { exportOperations } from "./export.ts";
import { imageOperations } from "./images.ts";
import { importAgainOperations } from "./import-again.ts";
import { importOperations } from "./imports.ts";
import { mailTemplateOperations } from "./mail-templates.ts";
import { manualAwardOperations } from "./manual-awards.ts";
import { membershipOperations } from "./memberships.ts";
import { metricOperations } from "./metrics.ts";
import { nominationOperations } from "./nominations.ts";
import { notificationOperations } from "./notifications.ts";
import type { OpenOperation, Operation, SignedOperation } from "./operation.ts";
import { organizationOperations } from "./organizations.ts";
import { overviewOperations } from "./overview.ts";
import { progressOperations } from "./progress.ts";
import { shelfOperations } from "./shelf.ts";
import { signingKeyOperations } from "./signing-keys.ts";
import { identityOperations } from "./user-identities.ts";
import { userOperations } from "./users.ts";
import { verificationOperations } from "./verifications.ts";
import { webhookDeliveryOperations } from "./webhook-deliveries.ts";
import { webhookEndpointOperations } from "./webhook-endpoints.ts";

export const OPERATIONS: readonly Operation[] = [
  ...organizationOperations,
  ...exportOperations,
  ...overviewOperations,
  ...userOperations,
  ...identityOperations,
  ...membershipOperations,
  ...shelfOperations,
  ...imageOperations,
  ...badgeOperations,
  ...badgeLifecycleOperations,
  ...badgePartOperations,
  ...badgeCriteriaOperations,
  ...awardOperations,
  awardPreviewOperation,
  ...awardMailOperations,
  ...awardExportOperations,
  ...awardAcceptanceOperations,
  ...nominationOperations,
  ...manualAwardOperations,
  ...importOperations,
  ...importAgainOperations,
  ...claimCodeOperations,
  ...evaluationOperations,
  ...progressOperations,
  ...eventOperations,
  ...metricOperations,
  ...eventSourceOperations,
  ...notificationOperations,
  ...mailTemplateOperations,
  ...apiKeyOperations,
  ...signingKeyOperations,
  ...webhookEndpointOperations,
  ...webhookDeliveryOperations,
  ...auditOperations,
];

/** Those that need no key. */
export const OPEN_OPERATIONS: readonly OpenOperation[] = [...verificationOperations];

/** Those that need a signature in place of a key. */
export const SIGNED_OPERATIONS: readonly SignedOperation[] = [...signedEventOperations];
