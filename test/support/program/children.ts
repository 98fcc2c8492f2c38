import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** The ids of a process's children. */
export function childrenOf(parent: number): number[] {
  return processes()
    .filter(([, parentOf]) => parentOf === parent)
    .map(([pid]) => pid)
}

/** The process of `parent` that ingests. */
export function ingestionProcessOf(parent: number): number | undefined {
  return childrenOf(parent).find(pid => commandOf(pid).includes('ingestion-process'))
}

/** The processes of `parent` that copy the database. */
export function copyingProcessesOf(parent: number): number[] {
  return childrenOf(parent).filter(pid => commandOf(pid).includes('snapshot-process'))
}

/** The processes of `parent` that read. */
export function readerProcessesOf(parent: number): number[] {
  return childrenOf(parent).filter(pid => commandOf(pid).includes('reader-process'))
}

function commandOf(pid: number): string {
  try {
    if (process.platform !== 'linux') return execFileSync('ps', ['-p', `${pid}`, '-o', 'args='], { encoding: 'utf8' })
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // It has ended.
    return ''
  }
}

/** Every process with its parent. */
function processes(): (readonly [pid: number, parent: number])[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
    return lines.map(line => line.trim().split(/\s+/).map(Number) as [number, number])
  }
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(name => [Number(name), parentIn(name)] as const)
}

/** Linux images without `ps` are common. The name stands in brackets and may hold anything. */
function parentIn(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2])
  } catch {
    return 0
  }
}
