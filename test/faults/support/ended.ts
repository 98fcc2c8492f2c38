import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Far longer than anything takes, however busy the machine. */
const PATIENCE_MS = 30_000

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; !(await holds()); await sleep(5)) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`)
  }
}

/** Whether a process runs: one that has ended and waits to be fetched by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || stateOf(pid) !== 'Z'
  } catch {
    return false
  }
}

function stateOf(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')')).split(' ')[1]
}
