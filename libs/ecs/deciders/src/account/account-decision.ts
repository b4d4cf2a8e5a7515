import type { AccountEvent, Rejection } from '#libs/ecs/messages';
import type { Decision } from '#libs/kernel';

/** What a decision about an account is. */
export type AccountDecision = Decision<AccountEvent, Rejection>;
