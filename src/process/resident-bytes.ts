import { readFile } from 'node:fs/promises'

const PAGE_BYTES = 4096

/**
 * The memory of a process, read from outside, since one that hangs cannot tell. 0 where the system has no /proc: there
 * V8's cap remains.
 */
export async function residentBytes(pid: number | undefined): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(statm.split(' ')[1] ?? 0) * PAGE_BYTES
}
