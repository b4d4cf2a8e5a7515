import type { Clock, Notes } from '#libs/kernel';
import type { HostLogins } from './docker-config.ts';
import type { CleanupRules } from './image-cleanup.ts';
import type { LedgerFile } from './image-ledger.ts';
import type { PullBehavior } from './pull-plan.ts';
import type { RegistryCredentials } from './registry-credentials.ts';

/** How an agent gets its images, and what becomes of them. */
export interface ImageOptions {
  readonly behavior: PullBehavior;
  readonly limits: PullLimits;
  readonly clock: Clock;
  readonly notes: Notes;
  /** Which images were pulled is remembered here. */
  readonly ledger: LedgerFile;
  /** Absent: `repositoryCredentials` cannot be served, and the host does not say that it could. */
  readonly credentials?: RegistryCredentials;
  /** Absent: images without `repositoryCredentials` are asked for without a login. */
  readonly logins?: HostLogins;
  /** Absent: pulled images stay. */
  readonly cleanup?: CleanupRules & { readonly intervalMs: number };
}

export interface PullLimits {
  /** ECS_IMAGE_PULL_TIMEOUT: what a pull may take as a whole. */
  readonly totalMs: number;
  /** ECS_IMAGE_PULL_INACTIVITY_TIMEOUT: how long a pull may show no progress. */
  readonly inactivityMs: number;
}

export const PULL_LIMITS_DEFAULT: PullLimits = { totalMs: 7_200_000, inactivityMs: 60_000 };
