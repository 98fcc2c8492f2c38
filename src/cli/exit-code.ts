/** Exit codes of every command. */
export const EXIT = {
  /** Success, and no row was rejected. */
  ok: 0,
  /** A file failed, or the command did. */
  failed: 1,
  /** The command line or the configuration is invalid. */
  usage: 2,
  /** Success, but some rows were rejected. */
  someRejected: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
