import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Permissions do not bind an administrator, but a file's being immutable does. */
const isAdministrator = process.getuid?.() === 0

export function makeReadOnly(path: string): void {
  if (isAdministrator) chattr('+i', path)
  else chmodSync(path, 0o555)
}

export function makeWritable(path: string): void {
  if (isAdministrator) chattr('-i', path)
  else chmodSync(path, 0o755)
}

/** Not every file system knows immutable files, and not every container may make them. */
export function canMakeReadOnly(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'immutable-'))
  const file = join(folder, 'file')
  try {
    writeFileSync(file, '')
    makeReadOnly(file)
    return !canBeWritten(file)
  } catch {
    return false
  } finally {
    undo(file)
    rmSync(folder, { recursive: true })
  }
}

function canBeWritten(file: string): boolean {
  try {
    writeFileSync(file, 'x')
    return true
  } catch {
    return false
  }
}

function undo(file: string): void {
  try {
    makeWritable(file)
  } catch {
    // It never was read-only.
  }
}

function chattr(flag: string, path: string): void {
  execFileSync('chattr', [flag, path], { stdio: 'ignore' })
}
