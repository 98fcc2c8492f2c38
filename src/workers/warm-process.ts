import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { packageFile } from '../package-file.ts'

/** How a command ended whose process did not live to tell. */
export interface Died {
  readonly type: 'died'
  /** The signal, or the exit code, or why it could not be started. */
  readonly how: string
  /** Whether there ever was a process. */
  readonly hasStarted: boolean
}

/** Far longer than a process needs that has nothing left to do. */
const CLOSE_GRACE_MS = 5_000

export interface WarmProcessOptions<News, End> {
  /** File name of the process's module in this room, without its ending. */
  readonly entry: string
  /** What it is started with, as JSON. */
  readonly settings: object
  /** At which V8 ends the process. */
  readonly maxHeapBytes: number
  /** Tells what comes while a command runs from how it ends. */
  readonly isNews: (message: News | End) => message is News
}

/** A handle on a separate process; started when made, used for one command at a time until it is closed or dies. */
export class WarmProcess<Command extends object, News extends object, End extends object> {
  /** Undefined when the system would not even try to start it. */
  readonly #child: ChildProcess | undefined
  #startFailure: string | undefined
  readonly #isNews: (message: News | End) => message is News

  constructor({ entry, settings, maxHeapBytes, isNews }: WarmProcessOptions<News, End>) {
    const path = fileURLToPath(packageFile(`dist/workers/${entry}.js`))
    this.#isNews = isNews
    try {
      this.#child = fork(path, [JSON.stringify(settings)], {
        serialization: 'advanced',
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: [`--max-old-space-size=${Math.floor(maxHeapBytes / 2 ** 20)}`],
      })
      // An error in sending shows as the exit that it comes with.
      this.#child.on('error', error => this.#notStarted(error))
    } catch (error) {
      this.#notStarted(error as NodeJS.ErrnoException)
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get isAlive(): boolean {
    return this.#child?.connected === true && !this.#hasEnded
  }

  run(command: Command, onNews: (news: News) => void): Promise<End | Died> {
    const child = this.#child
    if (!child || this.#startFailure !== undefined) return Promise.resolve(this.#neverStarted())
    return new Promise(resolve => {
      const onExit = (code: number | null, signal: string | null) =>
        end({ type: 'died', how: signal ?? `exit code ${code}`, hasStarted: true })
      const onError = () => {
        if (this.#startFailure !== undefined) end(this.#neverStarted())
      }
      const onMessage = (message: News | End) => (this.#isNews(message) ? onNews(message) : end(message))
      const end = (how: End | Died) => {
        child.off('exit', onExit).off('message', onMessage).off('error', onError)
        resolve(how)
      }
      child.on('exit', onExit).on('message', onMessage).on('error', onError)
      this.send(command)
    })
  }

  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  /** Lets the process end when nothing is asked of it any more, and ends it if it hangs; resolves when it is gone. */
  async close(): Promise<void> {
    const child = this.#child
    if (!child || this.#hasEnded) return
    const exited = once(child, 'exit')
    if (child.connected) child.disconnect()
    const timer = setTimeout(() => this.kill(), CLOSE_GRACE_MS)
    await exited.finally(() => clearTimeout(timer))
  }

  protected send(message: object): void {
    if (this.#child?.connected) this.#child.send(message)
  }

  /** Without a process id, an error is that of starting it: no exit comes. */
  #notStarted(error: NodeJS.ErrnoException): void {
    if (this.pid === undefined) this.#startFailure = error.code ?? error.message
  }

  #neverStarted(): Died {
    return { type: 'died', how: `not started: ${this.#startFailure}`, hasStarted: false }
  }

  get #hasEnded(): boolean {
    return this.pid === undefined || this.#child?.exitCode !== null || this.#child.signalCode !== null
  }
}

/** How V8 ends a process that reached its heap cap. */
const V8_GAVE_UP: readonly string[] = ['SIGABRT', 'SIGTRAP', 'exit code 134']

export function hasRunOutOfMemory({ how }: Pick<Died, 'how'>): boolean {
  return V8_GAVE_UP.includes(how)
}
