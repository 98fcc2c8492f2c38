import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ErrorCode, UserError } from '../domain/errors.ts'
import type { Ingestion, IngestionProgress } from '../domain/ingestion.ts'
import type { IngestCommand, IngestionMessage } from './messages.ts'

const ENTRY = fileURLToPath(new URL('./ingestion-entry.js', import.meta.url))

/** How a command ended. `refused` is of a command that could not begin, and so has no line in the ledger. */
export type CommandEnd =
  | { readonly type: 'finished'; readonly ingestion: Ingestion; readonly alreadyIngested: boolean }
  | { readonly type: 'refused'; readonly error: UserError }
  | { readonly type: 'failed'; readonly stack: string }
  | { readonly type: 'died'; readonly how: string }

export interface CommandListener {
  onProgress(progress: IngestionProgress): void
  onWaiting(): void
}

/** A handle on the separate process that ingests; started when made, used for one command at a time. */
export class IngestionProcess {
  readonly #child: ChildProcess

  constructor(databasePath: string) {
    this.#child = fork(ENTRY, [databasePath], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    // An error in sending shows as the exit that it comes with.
    this.#child.on('error', () => {})
  }

  get isAlive(): boolean {
    return this.#child.connected && this.#child.exitCode === null && this.#child.signalCode === null
  }

  run(command: IngestCommand, listener: CommandListener): Promise<CommandEnd> {
    return new Promise(resolve => {
      const onExit = (code: number | null, signal: string | null) =>
        end({ type: 'died', how: signal ?? `exit code ${code}` })
      const onMessage = (message: IngestionMessage) => {
        if (message.type === 'progress') listener.onProgress(message.progress)
        else if (message.type === 'waiting') listener.onWaiting()
        else end(ended(message))
      }
      const end = (how: CommandEnd) => {
        this.#child.off('exit', onExit).off('message', onMessage)
        resolve(how)
      }
      this.#child.on('exit', onExit).on('message', onMessage)
      this.#child.send(command)
    })
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
}

function ended(message: Exclude<IngestionMessage, { type: 'progress' | 'waiting' }>): CommandEnd {
  if (message.type !== 'refused') return message
  return { type: 'refused', error: { code: message.code as ErrorCode, field: null, message: message.message } }
}
