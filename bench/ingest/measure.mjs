import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const SAMPLE_MS = 50

/**
 * Runs a command in a fresh process and measures it from spawn to exit.
 *
 * @returns seconds of the clock and of the processors; what it printed; the peak of its memory with all its children
 *   together, and that of each alone
 */
export async function measure(command, args, { env = {}, input } = {}) {
  execFileSync('sync') // what the trial before has left to be written is not this one's to pay for
  const watch = new Watch()
  const startedAt = process.hrtime.bigint()
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  const timer = setInterval(() => watch.look(child.pid), SAMPLE_MS)
  const printed = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr']) child[stream].on('data', data => (printed[stream] += data))
  child.stdin.end(input)
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve))
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9
  clearInterval(timer)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${printed.stdout}${printed.stderr}`)
  return { seconds, stdout: printed.stdout, ...watch.seen() }
}

/** What a trial's script has to tell is the last line it prints, as JSON. */
export function told(stdout) {
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

/** What a process and its children use, from /proc. */
class Watch {
  #peakBytes = 0
  #cpuSeconds = 0
  /** Peaks of memory by the script that a process runs. */
  #peaks = new Map()

  seen() {
    return { peakBytes: this.#peakBytes, cpuSeconds: this.#cpuSeconds, peaks: this.#peaks }
  }

  look(pid) {
    const { bytes, cpuSeconds } = this.#tree(pid)
    this.#peakBytes = Math.max(this.#peakBytes, bytes)
    this.#cpuSeconds = Math.max(this.#cpuSeconds, cpuSeconds)
  }

  /** Of all of them together, at this moment. */
  #tree(pid) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const name = scriptOf(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'))
      this.#peaks.set(name, Math.max(this.#peaks.get(name) ?? 0, kilobytes(status, 'VmHWM')))
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
      return [
        { bytes: kilobytes(status, 'VmRSS'), cpuSeconds: cpu(pid) },
        ...children.map(child => this.#tree(child)),
      ].reduce((sum, one) => ({ bytes: sum.bytes + one.bytes, cpuSeconds: sum.cpuSeconds + one.cpuSeconds }))
    } catch {
      return { bytes: 0, cpuSeconds: 0 } // it has just ended
    }
  }
}

const TICKS_A_SECOND = 100

/** Of the process and of those of its children that have ended: fields 14 to 17, counted after the name in brackets. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_A_SECOND
}

function scriptOf([command, ...args]) {
  const script = args.find(arg => /\.(m?js|py)$/.test(arg)) ?? command
  return script.split('/').at(-1)
}

function kilobytes(status, field) {
  return 1024 * Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
}
