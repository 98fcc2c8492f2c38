import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import {
  type ChildMessage,
  type Command,
  type End,
  isNews,
  type News,
  type ParentMessage,
  type ProcessSettings,
} from './messages.ts'

const ENTRY = fileURLToPath(new URL('./ingestion-entry.js', import.meta.url))

export type CommandEnd = End | { readonly type: 'died'; readonly how: string }

/** A handle on the separate process that ingests; started when made, used for one command at a time. */
export class IngestionProcess {
  readonly #child: ChildProcess

  /** @param maxHeapBytes at which V8 ends the process */
  constructor(settings: ProcessSettings, maxHeapBytes: number) {
    this.#child = fork(ENTRY, [JSON.stringify(settings)], {
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
    return this.#child.connected && this.#child.exitCode === null && this.#child.signalCode === null
  }

  run(command: Command, onNews: (news: News) => void): Promise<CommandEnd> {
    return new Promise(resolve => {
      const onExit = (code: number | null, signal: string | null) =>
        end({ type: 'died', how: signal ?? `exit code ${code}` })
      const onMessage = (message: ChildMessage) => (isNews(message) ? onNews(message) : end(message))
      const end = (how: CommandEnd) => {
        this.#child.off('exit', onExit).off('message', onMessage)
        resolve(how)
      }
      this.#child.on('exit', onExit).on('message', onMessage)
      this.#send(command)
    })
  }

  /** Asks the command that runs to take everything back. */
  cancel(): void {
    this.#send({ type: 'cancel' })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Lets the process truncate its log and end; resolves when it is gone. */
  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    if (this.#child.connected) this.#child.disconnect()
    await exited
  }

  #send(message: ParentMessage): void {
    if (this.#child.connected) this.#child.send(message)
  }
}
