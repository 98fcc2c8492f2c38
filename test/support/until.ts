import { setTimeout as sleep } from 'node:timers/promises'

/** Far longer than anything takes, however busy the machine. */
const PATIENCE_MS = 30_000

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await holds()); await sleep(5)) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
  }
}
