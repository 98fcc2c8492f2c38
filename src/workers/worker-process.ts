import { Worker } from 'node:worker_threads'
import { type SerializedError, serializeError } from '../domain/errors.ts'

/* What every worker process does: the other side of child-worker.ts. */

/** From the parent to its worker process. */
export type ParentMessage<Command> =
  | { readonly type: 'run'; readonly command: Command }
  /** Asks the running command to stop and to undo its changes. */
  | { readonly type: 'cancel' }

/** From the worker process to its parent: any number of events, then the result or the error of the command. */
export type WorkerMessage<Event, Result> =
  | { readonly type: 'event'; readonly event: Event }
  | { readonly type: 'result'; readonly result: Result; readonly residentBytes: number }
  | { readonly type: 'error'; readonly error: SerializedError }

export interface CommandContext<Event> {
  /** Aborted when the parent cancels the command. */
  readonly signal: AbortSignal
  readonly emit: (event: Event) => void
}

export type CommandHandler<Command, Event, Result> = (
  command: Command,
  context: CommandContext<Event>,
) => Promise<Result>

/** Returns the settings that the parent passed when it started this process. */
export function workerSettings<Settings>(): Settings {
  if (!process.send || !process.argv[2]) throw new Error('This module runs only as a child process of the program.')
  return JSON.parse(process.argv[2]) as Settings
}

/**
 * Runs the commands of the parent, one at a time, until the parent closes the channel or is gone.
 *
 * @param onDisconnect awaited before the process exits
 */
export function serveCommands<Command, Event, Result>(
  handle: CommandHandler<Command, Event, Result>,
  onDisconnect: () => Promise<unknown> = async () => {},
): void {
  let cancellation = new AbortController()
  process.on('message', (message: ParentMessage<Command>) => {
    // A cancellation that arrives after its command has ended aborts a signal that nothing uses any more.
    if (message.type === 'cancel') return cancellation.abort()
    cancellation = new AbortController()
    const emit = (event: Event) => send({ type: 'event', event })
    void run(() => handle(message.command, { signal: cancellation.signal, emit })).then(send)
  })
  process.on('disconnect', () => void onDisconnect().finally(() => process.exit(0)))
  // A terminal sends SIGINT and systemd sends SIGTERM to the whole process group. The parent decides when to stop.
  process.on('SIGINT', () => {}).on('SIGTERM', () => {})
}

/**
 * Kills this process when its parent is gone, from a second thread: while SQLite runs a statement, the main thread sees
 * neither a message nor the end of its channel.
 */
export function dieWithParent(): void {
  new Worker(PARENT_WATCH, { eval: true, workerData: process.ppid }).unref()
}

const PARENT_WATCH = `
  const { workerData } = require('node:worker_threads')
  const check = () => process.ppid === workerData || process.kill(process.pid, 'SIGKILL')
  setInterval(check, 500)`

async function run<Result>(handle: () => Promise<Result>): Promise<WorkerMessage<never, Result>> {
  try {
    return { type: 'result', result: await handle(), residentBytes: process.memoryUsage.rss() }
  } catch (error) {
    return { type: 'error', error: serializeError(error) }
  }
}

function send<Event, Result>(message: WorkerMessage<Event, Result>): void {
  if (process.connected) process.send?.(message)
}
