import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApolloServer } from '@apollo/server'
import { parquetWriteFile } from 'hyparquet-writer'
import type { Ingestor } from '../../../src/domain/ingestor.ts'
import { createApolloServer } from '../../../src/graphql/apollo-server.ts'
import { createContext, type GraphQLContext } from '../../../src/graphql/context.ts'
import type { SqliteReader } from '../../../src/storage/sqlite/read/reader.ts'
import { openDatabase } from './open-database.ts'

/** A row of a file. */
export type Row = readonly [accountId: string, date: string, count: number, categories?: string]

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: a response has the shape of its query, and tests state what they expect.
  readonly data: any
  readonly errors: readonly { message: string; path?: readonly unknown[]; extensions: { code: string } }[]
}

/** Returns the n-th account id in sort order. */
export function accountId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** The GraphQL API over a new database in a new folder. */
export class TestApi {
  /** Errors that the server would have logged. */
  readonly unexpected: unknown[] = []
  /** Names of the reader's methods, in the order in which resolvers called them. */
  readonly calls: string[] = []
  readonly databasePath: string
  readonly server: ApolloServer<GraphQLContext>
  readonly reader: SqliteReader
  readonly ingestor: Ingestor
  readonly #folder: string
  readonly #closeIngestor: () => Promise<void>

  static async open(): Promise<TestApi> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'graphql-')))
    const api = new TestApi(folder)
    await api.server.start()
    return api
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
    const services = { reader: this.#recorded(), ingestor: this.ingestor, now: Date.now }
    return createContext(services, { token: null, role: 'admin' })
  }

  /** The reader, with its method calls recorded. */
  #recorded(): SqliteReader {
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
    if (body.kind !== 'single') throw new Error('expected a single response')
    return { errors: [], ...JSON.parse(JSON.stringify(body.singleResult)) }
  }

  /** Returns the data of a response. Throws if it has errors. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  async data(query: string, variables: Record<string, unknown> = {}): Promise<any> {
    const { data, errors } = await this.ask(query, variables)
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    return data
  }

  /** Returns the error of a response. Throws if it does not have exactly one. */
  async error(query: string, variables: Record<string, unknown> = {}): Promise<{ code: string; message: string }> {
    const { errors } = await this.ask(query, variables)
    if (errors.length !== 1) throw new Error(`expected one error: ${JSON.stringify(errors)}`)
    return { code: errors[0]!.extensions.code, message: errors[0]!.message }
  }

  async close(): Promise<void> {
    await this.server.stop()
    await this.#closeIngestor()
    this.reader.close()
    await rm(this.#folder, { recursive: true })
  }
}
