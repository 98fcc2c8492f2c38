import { answerWhen } from '../until.ts'
import { ingestionProcessOf } from './children.ts'
import type { ProgramOptions, ProgramProcess } from './process.ts'

/** A GraphQL answer as it came over the wire. */
export interface Answer<Data> {
  readonly status: number
  readonly data?: Data | null
  readonly errors?: readonly GraphQLErrorJson[]
}

export interface GraphQLErrorJson {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string; readonly [more: string]: unknown }
}

export interface ServerOptions extends ProgramOptions {
  readonly args?: readonly string[]
}

const STOP_MS = 20_000

/** The real server in a process of its own, on a port that was free. */
export class TestServer {
  readonly process: ProgramProcess
  /** Scheme, address and port. */
  readonly origin: string

  private constructor(process: ProgramProcess, origin: string) {
    this.process = process
    this.origin = origin
  }

  /** Resolves when it listens. */
  static async start(process: ProgramProcess): Promise<TestServer> {
    const look = () => ({
      origin: /^Listening on (\S+)$/m.exec(process.stdout)?.[1],
      isRunning: process.isRunning,
      output: `${process.stdout}${process.stderr}`,
    })
    const isKnown = ({ origin, isRunning }: ReturnType<typeof look>) => origin !== undefined || !isRunning
    const { origin, output } = await answerWhen(look, isKnown, 'the server to listen')
    if (origin === undefined) throw new Error(`the server did not start: ${output}`)
    return new TestServer(process, origin)
  }

  get url(): string {
    return `${this.origin}/graphql`
  }

  get port(): number {
    return Number(new URL(this.origin).port)
  }

  async graphql<Data = unknown>(query: string, variables: object = {}): Promise<Answer<Data>> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }

  /** The data of a request that must succeed. */
  async ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.graphql<Data>(query, variables)
    if (errors || !data) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`)
    return data
  }

  /** The only error of a request that must fail. */
  async refusal(query: string, variables: object = {}): Promise<GraphQLErrorJson> {
    const { errors = [] } = await this.graphql(query, variables)
    if (errors.length !== 1) throw new Error(`not one error but ${errors.length}: ${JSON.stringify(errors)}`)
    return errors[0]!
  }

  /** The process that ingests. */
  ingestionPid(): number {
    const pid = ingestionProcessOf(this.process.pid)
    if (pid === undefined) throw new Error('the server has no ingestion process')
    return pid
  }

  /** Stops it as `docker stop` does: it must end well before it is killed. */
  async stop(): Promise<void> {
    this.process.kill('SIGTERM')
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS)
    expect(await this.process.exited).toEqual({ code: 0, signal: null })
    clearTimeout(timer)
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.process.exited
  }
}
