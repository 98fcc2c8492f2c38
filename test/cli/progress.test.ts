import { Writable } from 'node:stream'
import { progressView } from '../../src/cli/progress.ts'
import { type Ingestion, queuedIngestion } from '../../src/domain/ingestion.ts'

const realNow = Date.now
let now: number

beforeEach(() => {
  now = Date.UTC(2024, 0)
  Date.now = () => now
})

afterEach(() => {
  Date.now = realNow
})

/** A stream that keeps what it was given, as a terminal or not. */
function memory(isTTY: boolean): { stream: NodeJS.WriteStream; text(): string } {
  let text = ''
  const stream = new Writable({
    write(chunk, _, done) {
      text += chunk
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY, columns: 100 }) as unknown as NodeJS.WriteStream, text: () => text }
}

function running(rowsRead: number, rowsTotal: number | null = 10_000): Ingestion {
  const identity = { id: 'x', fileName: 'x', sha256: '', fileSize: 1, dryRun: false, queuedAt: 0, programVersion: '1' }
  return { ...queuedIngestion(identity), status: 'RUNNING', startedAt: Date.UTC(2024, 0), rowsTotal, rowsRead }
}

describe('progress that is not on a terminal', () => {
  test('is a plain line every two seconds', () => {
    const { stream, text } = memory(false)
    const view = progressView(stream)
    view.show(running(0, null))
    for (let rows = 0; rows <= 10_000; rows += 1_000) {
      view.show(running(rows))
      now += 500
    }
    view.stop()
    expect(text()).toBe(
      '  4,000 of 10,000 rows, 2,000 rows/s, 3 s left\n  8,000 of 10,000 rows, 2,000 rows/s, 1 s left\n',
    )
  })

  test('is nothing at all for a file that is quick', () => {
    const { stream, text } = memory(false)
    const view = progressView(stream)
    for (const rows of [0, 5_000, 10_000]) view.show(running(rows))
    view.stop()
    expect(text()).toBe('')
  })

  test('is not shown while nothing is known', () => {
    const { stream, text } = memory(false)
    const view = progressView(stream)
    now += 10_000
    view.show(running(0, null))
    expect(text()).toBe('')
    view.show(running(0))
    expect(text()).toBe('  0 of 10,000 rows, 0 rows/s, ? left\n')
  })
})

describe('progress on a terminal', () => {
  test('is a bar, which is gone at the end', () => {
    const { stream, text } = memory(true)
    const view = progressView(stream)
    view.show(running(0, null))
    expect(text()).toBe('')
    view.show(running(0))
    now += 1_000
    view.show(running(5_000))
    view.stop()
    expect(text()).toContain('█')
    expect(text()).toMatch(/50 % \| 5,000 of 10,000 rows \| 5,000 rows\/s \| 1 s left/)
    expect(text()).not.toContain('\n')
  })

  test('leaves the terminal alone when nothing was shown', () => {
    const { stream, text } = memory(true)
    progressView(stream).stop()
    expect(text()).toBe('')
  })
})
