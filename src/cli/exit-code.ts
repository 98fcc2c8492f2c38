/** What the shell is told. */
export const EXIT = {
  /** Everything was done, every row taken. */
  ok: 0,
  /** A file failed, or the program could not do its work. */
  failed: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** Done, but some rows were rejected. */
  someRejected: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
