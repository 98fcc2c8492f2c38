import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApolloServer } from '@apollo/server'
import { parquetWriteFile } from 'hyparquet-writer'
import type { Ingestor } from '../../../src/domain/ingestor.ts'
import { createApolloServer } from '../../../src/graphql/apollo-server.ts'
import type { GraphQLContext } from '../../../src/graphql/context.ts'
import type { SqliteReader } from '../../../src/storage/sqlite/read/reader.ts'
import { openDatabase } from './supervisor.ts'

/** A row of a file: account, instant, count, categories. */
export type Row = readonly [accountId: string, date: string, count: number, categories?: string]

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of its query, and tests say what they expect.
  readonly data: any
  readonly errors: readonly { message: string; path?: readonly unknown[]; extensions: { code: string } }[]
}

/** The n-th account id, in order. */
export function accountId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** An API over a database of its own, in a folder of its own. */
export class World {
  /** What the server would have logged. */
  readonly unexpected: unknown[] = []
  /** The reader's methods, as resolvers called them. */
  readonly calls: string[] = []
  readonly databasePath: string
  readonly server: ApolloServer<GraphQLContext>
  readonly reader: SqliteReader
  readonly ingestor: Ingestor
  readonly #folder: string
  readonly #closeIngestor: () => Promise<void>

  static async open(): Promise<World> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'graphql-')))
    const world = new World(folder)
    await world.server.start()
    return world
  }

  private constructor(folder: string) {
    this.databasePath = join(folder, 'test.db')
    this.#folder = folder
    const { reader, supervisor } = openDatabase(this.databasePath, folder)
    this.reader = reader
    this.ingestor = supervisor
    this.#closeIngestor = () => supervisor.abort()
    this.server = createApolloServer({ onUnexpectedError: error => this.unexpected.push(error) })
  }

  get context(): GraphQLContext {
    return { reader: this.#overheard(), ingestor: this.ingestor, now: Date.now, caller: { token: null, role: 'admin' } }
  }

  /** The reader, with the names of the methods that are called noted down. */
  #overheard(): SqliteReader {
    return new Proxy(this.reader, {
      get: (reader, name: keyof SqliteReader) => {
        this.calls.push(name)
        return reader[name].bind(reader)
      },
    })
  }

  write(file: string, rows: readonly Row[]): void {
    const categories = rows.map(row => row[3] ?? null)
    parquetWriteFile({
      filename: join(this.#folder, file),
      columnData: [
        { name: 'account_id', data: rows.map(row => row[0]), type: 'STRING' },
        { name: 'date', data: rows.map(row => row[1]), type: 'STRING' },
        { name: 'subscriber_count', data: rows.map(row => row[2]), type: 'DOUBLE' },
        { name: 'categories', data: categories, type: 'STRING', nullable: true },
      ],
    })
  }

  async ingest(file: string, rows: readonly Row[]): Promise<void> {
    this.write(file, rows)
    const { error } = await this.ingestor.ingest({ file, wait: true, dryRun: false })
    if (error) throw new Error(error.message)
  }

  async ask(query: string, variables: Record<string, unknown> = {}, contextValue = this.context): Promise<Answer> {
    const { body } = await this.server.executeOperation({ query, variables }, { contextValue })
    if (body.kind !== 'single') throw new Error('a single answer was expected')
    return { errors: [], ...JSON.parse(JSON.stringify(body.singleResult)) }
  }

  /** The answer's data; fails when there are errors. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  async data(query: string, variables: Record<string, unknown> = {}): Promise<any> {
    const { data, errors } = await this.ask(query, variables)
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    return data
  }

  /** The only error of an answer. */
  async error(query: string, variables: Record<string, unknown> = {}): Promise<{ code: string; message: string }> {
    const { errors } = await this.ask(query, variables)
    if (errors.length !== 1) throw new Error(`one error was expected: ${JSON.stringify(errors)}`)
    return { code: errors[0]!.extensions.code, message: errors[0]!.message }
  }

  async close(): Promise<void> {
    await this.server.stop()
    await this.#closeIngestor()
    this.reader.close()
    await rm(this.#folder, { recursive: true })
  }
}
