import { closeSync, existsSync, openSync } from 'node:fs'

/** Takes nothing, as a full disk does. Linux has it. */
const FULL = '/dev/full'

/** `test` where a full disk can be had, else a skipped one. */
export const testWithFullDisk = existsSync(FULL) ? test : test.skip

/** Lends the descriptor of a file on a full disk. Nothing is ever opened there by the programs themselves. */
export async function onFullDisk<Result>(use: (descriptor: number) => Promise<Result>): Promise<Result> {
  const descriptor = openSync(FULL, 'w')
  try {
    return await use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
