import { SingleBar } from 'cli-progress'
import { type Ingestion, rowsPerSecond, secondsLeft } from '../domain/ingestion.ts'
import { number } from './format.ts'

/** Shows the progress of an ingestion. `stop` clears the line on the terminal. */
export interface ProgressView {
  show(state: Ingestion): void
  stop(): void
}

/** A progress bar on a terminal; otherwise a plain line every two seconds. */
export function progressView(stream: NodeJS.WriteStream): ProgressView {
  return stream.isTTY ? bar(stream) : lines(stream)
}

function bar(stream: NodeJS.WriteStream): ProgressView {
  const view = new SingleBar({
    stream,
    format: '  {bar} {percentage} % | {rows} of {of} rows | {rate} rows/s | {left}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  })
  let started = false
  let stopped = false
  return {
    show(state) {
      if (state.rowsTotal === null || stopped) return
      if (!started) view.start(state.rowsTotal, 0, figures(state))
      started = true
      view.update(state.rowsRead, figures(state))
    },
    stop() {
      stopped = true
      view.stop()
    },
  }
}

const LINE_EVERY_MS = 2_000

function lines(stream: NodeJS.WriteStream): ProgressView {
  let last = Date.now()
  let stopped = false
  return {
    show(state) {
      if (state.rowsTotal === null || stopped || Date.now() - last < LINE_EVERY_MS) return
      last = Date.now()
      const { rows, of, rate, left } = figures(state)
      stream.write(`  ${rows} of ${of} rows, ${rate} rows/s, ${left}\n`)
    },
    stop() {
      stopped = true
    },
  }
}

function figures(state: Ingestion) {
  const now = Date.now()
  const left = secondsLeft(state, now)
  return {
    rows: number(state.rowsRead),
    of: number(state.rowsTotal ?? 0),
    rate: number(Math.round(rowsPerSecond(state, now) ?? 0)),
    left: left === null ? leftOf(state) : `${Math.ceil(left)} s left`,
  }
}

/** When all rows are read, the remaining work cannot be estimated. */
function leftOf({ rowsRead, rowsTotal }: Ingestion): string {
  return rowsRead === rowsTotal ? 'finishing' : '? left'
}
