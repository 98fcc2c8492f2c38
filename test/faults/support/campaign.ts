import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, ingestionProcessOf } from '../../support/program/children.ts'
import { type IngestPayload, ingest } from '../../support/program/ingest.ts'
import type { ProgramProcess } from '../../support/program/process.ts'
import type { Programs } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { until } from '../../support/until.ts'
import { isAlive } from './ended.ts'
import { type Line, ledgerIn } from './inspect.ts'
import { randomFrom } from './random.ts'
import { writeSeries } from './series.ts'
import { expectSound } from './sound.ts'

/** The process that is killed: the server, a command beside it, or the ingestion process of either. */
const VICTIMS = ['server', 'process of the server', 'command', 'process of the command'] as const
type Victim = (typeof VICTIMS)[number]

const FIRST_GUESS_MS = 400

/**
 * Sends one drop after the other, and kills the process that ingests it at a random moment. After each kill nothing may be there
 * in part, nothing that was acknowledged may be gone, and the drop must be taken when it is sent again.
 */
export class Campaign {
  /** How often the kill came before the ingestion had succeeded. */
  interrupted = 0
  readonly cwd: string
  readonly #programs: Programs
  readonly #random: () => number
  /** How long each way of ingesting takes on this machine, the longest so far: kills are spread over that. */
  readonly #typicalMs = { server: FIRST_GUESS_MS, command: FIRST_GUESS_MS }
  #server!: TestServer

  constructor(programs: Programs, cwd: string, seed: number) {
    this.#programs = programs
    this.cwd = cwd
    this.#random = randomFrom(seed)
  }

  get database(): string {
    return join(this.cwd, 'data/accounts.db')
  }

  /** @returns the names of the drops */
  async run(sizes: readonly number[]): Promise<string[]> {
    const files = await writeSeries(join(this.cwd, 'data'), sizes)
    this.#server = await this.#serve()
    for (const [round, file] of files.entries()) await this.#round(file, VICTIMS[round % VICTIMS.length]!)
    await this.#server.stop()
    return files
  }

  async #round(file: string, victim: Victim): Promise<void> {
    const isOfServer = victim === 'server' || victim === 'process of the server'
    const isAcknowledged = isOfServer ? await this.#killServing(file, victim) : await this.#killCommand(file, victim)
    expectSound(this.database)
    const before = linesOf(this.database, file)
    const started = Date.now()
    const again = await ingest(this.#server, file)
    if (isOfServer && !again.alreadyIngested) this.#typicalMs.server = Date.now() - started
    expect(again).toMatchObject({ userErrors: [], ingestion: { status: 'SUCCEEDED' } })
    if (isAcknowledged) expect(again.alreadyIngested).toBe(true)
    if (!again.alreadyIngested) this.interrupted++
    // The killed one's line may be written, and may have been RUNNING until now; there is no other.
    const interrupted = again.alreadyIngested ? [] : before.map(() => 'INGESTION_INTERRUPTED')
    expect(linesOf(this.database, file).map(({ error }) => error)).toEqual([...interrupted, null])
    expectSound(this.database)
  }

  /** @returns whether the ingestion was acknowledged */
  async #killServing(file: string, victim: Victim): Promise<boolean> {
    const server = this.#server
    const answer: Promise<IngestPayload | null> = ingest(server, file).catch(() => null)
    // An earlier round may have killed the process; then this file starts the next one.
    await until(() => ingestionProcessOf(server.process.pid) !== undefined, 'an ingestion process')
    const child = server.ingestionPid()
    await sleep(this.#random() * this.#typicalMs.server)
    if (victim === 'server') {
      await server.kill()
      this.#server = await this.#serve()
      await until(() => !isAlive(child), 'the orphaned ingestion process to end')
    } else process.kill(child, 'SIGKILL')
    const payload = await answer
    if (victim !== 'server') expect(payload?.userErrors.map(({ code }) => code)).toEqual(codesOf(payload))
    expect(ledgerIn(this.database).map(({ status }) => status)).not.toContain('RUNNING')
    return payload?.ingestion?.status === 'SUCCEEDED'
  }

  async #killCommand(file: string, victim: Victim): Promise<boolean> {
    const started = Date.now()
    const command = this.#programs.start(['ingest', '--json', join('data', file)], { cwd: this.cwd })
    await Promise.race([sleep(this.#random() * this.#typicalMs.command), command.exited])
    const children = command.isRunning ? childrenOf(command.pid) : []
    if (victim === 'command') command.kill('SIGKILL')
    else for (const child of children) process.kill(child, 'SIGKILL')
    const { code } = await command.exited
    await command.drained()
    if (code === 0) this.#typicalMs.command = Date.now() - started
    await until(() => !children.some(isAlive), 'the ingestion process of the command to end')
    return isAcknowledgedBy(command)
  }

  #serve(): Promise<TestServer> {
    return this.#programs.serve({ cwd: this.cwd })
  }
}

/** An ingestion that was cut short says so, and one that was not has no error. */
function codesOf(payload: IngestPayload | null): string[] {
  return payload?.ingestion?.status === 'SUCCEEDED' ? [] : ['INGESTION_INTERRUPTED']
}

function isAcknowledgedBy({ stdout }: ProgramProcess): boolean {
  return stdout.includes('"status":"SUCCEEDED"')
}

function linesOf(database: string, file: string): Line[] {
  return ledgerIn(database).filter(line => line.file === file)
}
