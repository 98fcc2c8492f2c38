import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../support/until.ts'

/** Whether there is Linux's program for limiting a process that runs. */
export function canLimitFiles(): boolean {
  try {
    execFileSync('prlimit', ['--version'])
    return process.platform === 'linux'
  } catch {
    return false
  }
}

/** Lets a process open this many files more than it has open, and puts its limit back after some work. */
export async function withFewFiles(pid: number, more: number, work: () => Promise<void>): Promise<void> {
  const before = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))![1]!
  limit(pid, String((await openFiles(pid)) + more))
  try {
    await work()
  } finally {
    limit(pid, before)
  }
}

const SETTLED_MS = 300

/** How many it has open once it closes no more, such as those of a process of its own that has just ended. */
async function openFiles(pid: number): Promise<number> {
  const count = () => readdirSync(`/proc/${pid}/fd`).length
  let before = count()
  await until(async () => {
    await sleep(SETTLED_MS)
    const now = count()
    const isSettled = now === before
    before = now
    return isSettled
  }, 'its files to be closed')
  return before
}

/** The soft limit: anyone may raise that again. */
function limit(pid: number, files: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files}:`])
}

/** Whether a process of this machine can be seen to have a file open. */
export const canSeeFiles = process.platform === 'linux'

export function hasOpen(pid: number, path: string): boolean {
  return readdirSync(`/proc/${pid}/fd`).some(name => linkOf(`/proc/${pid}/fd/${name}`) === path)
}

/** It may have been closed meanwhile. */
function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
