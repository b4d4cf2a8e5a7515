/** What the exit code of every command means; README.md and `waybill --help` say the same. */
export const EXIT = {
  ok: 0,
  /** The answer is no: not ready, not found, verification failed, the start failed. */
  no: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** Waybill does not run there, or cannot be reached. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
