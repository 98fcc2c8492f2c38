import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from './folder.ts'
import { type ProgramOptions, ProgramProcess } from './process.ts'
import { type ServerOptions, TestServer } from './server.ts'

export interface Run {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number | null
}

/** All processes and folders of one test file. */
export class Programs {
  readonly #processes: ProgramProcess[] = []
  readonly #servers: TestServer[] = []
  readonly #folders: string[] = []

  async folder(): Promise<string> {
    const folder = await makeFolder()
    this.#folders.push(folder)
    return folder
  }

  /** A server loads sample data only when it is in `data` in its directory, not the sample data of the package. */
  start(args: readonly string[], options: ProgramOptions): ProgramProcess {
    const isEmpty = args[0] === 'serve' && !existsSync(join(options.cwd, 'data/sample_accounts.parquet'))
    const started = new ProgramProcess(isEmpty ? [...args, '--no-demo'] : args, options)
    this.#processes.push(started)
    return started
  }

  /** Starts a server on a free port. */
  async serve({ args = [], ...options }: ServerOptions): Promise<TestServer> {
    const server = await TestServer.start(this.start(['serve', '--port', '0', ...args], options))
    this.#servers.push(server)
    return server
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], options: ProgramOptions): Promise<Run> {
    const started = this.start(args, options)
    const { code } = await started.exited
    await started.drained()
    return { stdout: started.stdout, stderr: started.stderr, exitCode: code }
  }

  /** Stops the servers that still run, which must end well; then nothing is left of anything. */
  async cleanUp(): Promise<void> {
    try {
      const running = this.#servers.filter(({ process }) => process.isRunning)
      await Promise.all(running.map(server => server.stop()))
    } finally {
      for (const started of this.#processes) started.kill('SIGKILL')
      await Promise.all(this.#processes.map(started => started.exited))
      for (const folder of this.#folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}

/** To be called once at the top of a test file. */
export function usePrograms(): Programs {
  const programs = new Programs()
  afterAll(() => programs.cleanUp())
  return programs
}
