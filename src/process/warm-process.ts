import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** How a command ended whose process did not live to tell. */
export interface Died {
  readonly type: 'died'
  /** The signal, or the exit code. */
  readonly how: string
}

export interface WarmProcessOptions<News, End> {
  /** File name of the process's module, beside this one, without its ending. */
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
  readonly #child: ChildProcess
  readonly #isNews: (message: News | End) => message is News

  constructor({ entry, settings, maxHeapBytes, isNews }: WarmProcessOptions<News, End>) {
    const path = fileURLToPath(new URL(`./${entry}.js`, import.meta.url))
    this.#isNews = isNews
    this.#child = fork(path, [JSON.stringify(settings)], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [`--max-old-space-size=${Math.floor(maxHeapBytes / 2 ** 20)}`],
    })
    // An error in sending shows as the exit that it comes with.
    this.#child.on('error', () => {})
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  get isAlive(): boolean {
    return this.#child.connected && !this.#hasEnded
  }

  run(command: Command, onNews: (news: News) => void): Promise<End | Died> {
    return new Promise(resolve => {
      const onExit = (code: number | null, signal: string | null) =>
        end({ type: 'died', how: signal ?? `exit code ${code}` })
      const onMessage = (message: News | End) => (this.#isNews(message) ? onNews(message) : end(message))
      const end = (how: End | Died) => {
        this.#child.off('exit', onExit).off('message', onMessage)
        resolve(how)
      }
      this.#child.on('exit', onExit).on('message', onMessage)
      this.send(command)
    })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Lets the process end when it is done; resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#hasEnded) return
    const exited = once(this.#child, 'exit')
    if (this.#child.connected) this.#child.disconnect()
    await exited
  }

  protected send(message: object): void {
    if (this.#child.connected) this.#child.send(message)
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null
  }
}

/** How V8 ends a process that reached its heap cap. */
const V8_GAVE_UP: readonly string[] = ['SIGABRT', 'SIGTRAP', 'exit code 134']

export function hasRunOutOfMemory({ how }: Pick<Died, 'how'>): boolean {
  return V8_GAVE_UP.includes(how)
}
