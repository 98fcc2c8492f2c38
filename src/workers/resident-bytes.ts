import { readFile } from 'node:fs/promises'

/**
 * The memory of a process, read from outside, since one that hangs cannot tell. 0 where the system has no /proc: there
 * V8's cap remains.
 */
export async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}
