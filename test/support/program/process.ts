import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The built program: `npm test` builds it first. */
export const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

export interface ProgramOptions {
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
  /** What it finds on its standard input, which then ends. */
  readonly input?: string
  /** Files that take its output, by their descriptors. */
  readonly redirect?: { readonly stdout?: number; readonly stderr?: number }
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** What a shell passes on that is no setting of the program's. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'SystemRoot']

/** A machine that is busy with many tests would have queries named as slow, in logs that are to be empty. */
const CALM = { SLOW_QUERY_MS: '60000' }

/** The program as it runs, with all that it has written so far. */
export class ProgramProcess {
  stdout = ''
  stderr = ''
  readonly exited: Promise<Exit>
  readonly #child: ChildProcess

  constructor(args: readonly string[], { cwd, env = {}, input = '', redirect = {} }: ProgramOptions) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { ...inherited(), ...CALM, ...env },
      stdio: ['pipe', redirect.stdout ?? 'pipe', redirect.stderr ?? 'pipe'],
    })
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    // It may end without having read its input.
    child.stdin!.on('error', () => {}).end(input)
    // Not `close`: a process that it leaves behind would hold that back.
    this.exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
    this.#child = child
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  get pid(): number {
    return this.#child.pid!
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Reads no more of what it writes there. */
  hangUp(stream: 'stdout' | 'stderr'): void {
    this.#child[stream]?.destroy()
  }

  /** Everything that it has written, once the pipes are drained too. */
  async drained(): Promise<void> {
    const isOpen = (stream: NodeJS.ReadableStream | null) =>
      stream && !(stream as { readableEnded?: boolean }).readableEnded
    await Promise.all([this.#child.stdout, this.#child.stderr].filter(isOpen).map(stream => once(stream!, 'end')))
  }
}

function inherited(): Record<string, string> {
  const found = PASSED_ON.map(name => [name, process.env[name]] as const)
  return Object.fromEntries(found.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
