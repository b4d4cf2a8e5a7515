import { COMMIT_BYTES_HARD_MAX } from '../commit.ts';

/** What a command may make by itself: half of what the log can take as one message. More is refused to its caller. */
export const DECISION_BYTES_MAX = 512 * 1024;

/** The members of a commit around its decisions. */
const COMMIT_ENVELOPE_BYTES = 1_024;

/** A command with what follows from it. Where it would become larger, the rest is a decision of its own. */
export const DECISION_WITH_REACTIONS_BYTES_MAX = COMMIT_BYTES_HARD_MAX - COMMIT_ENVELOPE_BYTES;

/** Commands that sagas may add to one decision; the rest follows in the next. */
export const REACTIONS_PER_DECISION_MAX = 2_000;

/**
 * Decisions that may follow from one command before others get their turn. What is still to be done then is due at once, and the
 * clock asks for it: sagas that never come to an end hold up nobody else.
 */
export const FOLLOW_UPS_MAX = 20;
