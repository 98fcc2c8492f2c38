import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deserializeError } from '../domain/errors.ts'
import { packageFile } from '../package-file.ts'
import type { ParentMessage, WorkerMessage } from './worker-process.ts'

export interface ChildWorkerOptions {
  /** The process's module, relative to this folder and without its extension. */
  readonly module: string
  /** Passed to the process when it starts, as JSON. */
  readonly settings: object
  /** V8 aborts the process when its heap exceeds this. */
  readonly maxHeapBytes?: number
  /** The process is killed when its resident memory exceeds this during a command. */
  readonly maxResidentBytes?: number
  /** A process that is larger than this after a command is closed; the next command starts a new one. */
  readonly maxIdleBytes?: number
}

export interface RunOptions<Event> {
  readonly onEvent?: (event: Event) => void
  /**
   * Returns how many milliseconds from now the command may still take; undefined leaves the deadline as it is. Called
   * when the command is sent, and for each event.
   */
  readonly timeLimitMs?: (event?: Event) => number | undefined
  /** Stops the command when aborted. */
  readonly signal?: AbortSignal | undefined
  /** How long an aborted command may take to undo its changes before its process is killed. By default 0. */
  readonly abortGraceMs?: number
}

export type WorkerExitReason = 'NOT_STARTED' | 'TIME_LIMIT' | 'MEMORY_LIMIT' | 'ABORTED' | 'CRASHED'

/** Thrown when a process ended before its command did. Each caller reports it with a code of its own. */
export class WorkerExit extends Error {
  override readonly name = 'WorkerExit'
  readonly reason: WorkerExitReason

  /** @param how the signal or the exit code, or why the process could not be started */
  constructor(reason: WorkerExitReason, how: string) {
    super(how)
    this.reason = reason
  }
}

const CHECK_INTERVAL_MS = 100

/** Far longer than an idle process needs to exit. */
const CLOSE_GRACE_MS = 5_000

/**
 * A child process that runs one command at a time. It stays alive between commands; a process that has exited is
 * replaced when the next command is run. Its side of the channel is worker-process.ts.
 */
export class ChildWorker<Command extends object, Event, Result> {
  readonly #options: ChildWorkerOptions
  #child: ChildProcess | undefined
  #retiring: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(options: ChildWorkerOptions) {
    this.#options = options
  }

  /** Starts the process ahead of the first command. A failure is reported by the next command, which tries again. */
  warm(): this {
    this.#start().catch(() => {})
    return this
  }

  /** The id of the process, while there is one that can run a command. */
  get pid(): number | undefined {
    return this.#isRunning ? this.#child?.pid : undefined
  }

  /**
   * Runs a command, which must not overlap another one.
   *
   * @throws AppError from the process; an unexpected one has the stack of the process
   * @throws WorkerExit once the process is gone
   */
  async run(command: Command, options: RunOptions<Event> = {}): Promise<Result> {
    await this.#retiring
    if (this.#isClosed) throw new WorkerExit('ABORTED', 'closed')
    const child = this.#isRunning && this.#child ? this.#child : await this.#start()
    const { maxResidentBytes, maxIdleBytes = Number.POSITIVE_INFINITY } = this.#options
    const watchdog = new Watchdog(child, maxResidentBytes)
    const { result, residentBytes } = await exchange<Command, Event, Result>(child, watchdog, command, options)
    if (residentBytes > maxIdleBytes) void this.#retire()
    return result
  }

  /** Kills the process, so that a running command is rejected as ABORTED. Resolves when it is gone. */
  kill(): Promise<void> {
    this.#child?.kill('SIGKILL')
    return this.close()
  }

  /** Lets the process exit, for good, and kills it if it hangs. Resolves when it is gone. */
  close(): Promise<void> {
    this.#isClosed = true
    return this.#retire()
  }

  #retire(): Promise<void> {
    const child = this.#child
    if (child && !hasExited(child)) this.#retiring = exitOf(child)
    return this.#retiring
  }

  get #isRunning(): boolean {
    return this.#child?.connected === true && !hasExited(this.#child) && !this.#child.killed
  }

  /** Some failures are thrown by `fork`, others emitted later by a child without a process id. */
  async #start(): Promise<ChildProcess> {
    const { module, settings, maxHeapBytes } = this.#options
    try {
      const child = fork(fileURLToPath(packageFile(`dist/workers/${module}.js`)), [JSON.stringify(settings)], {
        serialization: 'advanced',
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: maxHeapBytes === undefined ? [] : [`--max-old-space-size=${Math.floor(maxHeapBytes / 2 ** 20)}`],
      })
      this.#child = child
      if (child.pid === undefined) throw (await once(child, 'error'))[0]
      // A message that cannot be sent is followed by the exit of the process, which is handled.
      child.on('error', () => {})
      return child
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      throw new WorkerExit('NOT_STARTED', code ?? message)
    }
  }
}

/** Kills a process whose command exceeds its time or memory. */
class Watchdog {
  /** Why the process was killed. */
  reason: WorkerExitReason | undefined
  readonly #child: ChildProcess
  readonly #maxResidentBytes: number
  readonly #timer: NodeJS.Timeout
  #deadline = Number.POSITIVE_INFINITY

  constructor(child: ChildProcess, maxResidentBytes = Number.POSITIVE_INFINITY) {
    this.#child = child
    this.#maxResidentBytes = maxResidentBytes
    this.#timer = setInterval(() => this.#check(), CHECK_INTERVAL_MS)
  }

  /** Sets the deadline on the monotonic clock; undefined leaves it as it is. */
  allow(ms: number | undefined): void {
    if (ms !== undefined) this.#deadline = performance.now() + ms
  }

  kill(reason: WorkerExitReason): void {
    this.reason ??= reason
    this.#child.kill('SIGKILL')
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #check(): void {
    if (performance.now() > this.#deadline) this.kill('TIME_LIMIT')
    else if (residentBytes(this.#child.pid) > this.#maxResidentBytes) this.kill('MEMORY_LIMIT')
  }
}

/** Sends a command and waits for its result, its error or the exit of the process. */
function exchange<Command, Event, Result>(
  child: ChildProcess,
  watchdog: Watchdog,
  command: Command,
  { onEvent, timeLimitMs, signal, abortGraceMs = 0 }: RunOptions<Event>,
): Promise<{ result: Result; residentBytes: number }> {
  const send = (message: ParentMessage<Command>) => child.connected && child.send(message)
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined
    const onMessage = (message: WorkerMessage<Event, Result>) => {
      if (message.type === 'event') {
        watchdog.allow(timeLimitMs?.(message.event))
        onEvent?.(message.event)
        return
      }
      end()
      if (message.type === 'result') resolve(message)
      else reject(deserializeError(message.error))
    }
    const onExit = (code: number | null, exitSignal: NodeJS.Signals | null) => {
      end()
      const how = exitSignal ?? `exit code ${code}`
      reject(new WorkerExit(watchdog.reason ?? reasonOf(child, how, signal), how))
    }
    const onAbort = () => {
      if (abortGraceMs === 0) return watchdog.kill('ABORTED')
      send({ type: 'cancel' })
      grace = setTimeout(() => watchdog.kill('ABORTED'), abortGraceMs)
    }
    const end = () => {
      watchdog.stop()
      clearTimeout(grace)
      child.off('message', onMessage).off('exit', onExit)
      signal?.removeEventListener('abort', onAbort)
    }
    child.on('message', onMessage).on('exit', onExit)
    signal?.addEventListener('abort', onAbort)
    watchdog.allow(timeLimitMs?.())
    send({ type: 'run', command })
    if (signal?.aborted) onAbort()
  })
}

/** How V8 ends a process whose heap reaches its limit. */
const OUT_OF_HEAP: readonly string[] = ['SIGABRT', 'SIGTRAP', 'exit code 134']

function reasonOf(child: ChildProcess, how: string, signal: AbortSignal | undefined): WorkerExitReason {
  if (child.killed || signal?.aborted) return 'ABORTED'
  return OUT_OF_HEAP.includes(how) ? 'MEMORY_LIMIT' : 'CRASHED'
}

/** Closes the channel of a process and resolves when it has exited. */
function exitOf(child: ChildProcess): Promise<void> {
  if (child.connected) child.disconnect()
  const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_GRACE_MS)
  return new Promise(resolve => {
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function hasExited({ pid, exitCode, signalCode }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null
}

/**
 * The resident memory of a process, read from outside because a process that hangs cannot report it. Returns 0 on a
 * system without /proc, where only the heap limit holds.
 */
export function residentBytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
