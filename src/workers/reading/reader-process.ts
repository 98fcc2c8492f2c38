import type { AccountFilter, AccountOrder, AccountPosition, Category } from '../../domain/account.ts'
import { type ExportRequest, type ExportSummary, exportedGrowth } from '../../domain/exporter.ts'
import type { GrowthCoverage, GrowthKind } from '../../domain/growth.ts'
import type { Page, PageRequest } from '../../domain/page.ts'
import { writeExport } from '../../exports/write-export.ts'
import type { AccountRow } from '../../storage/sqlite/read/account-rows.ts'
import { SqliteReader } from '../../storage/sqlite/read/reader.ts'
import { type CommandContext, dieWithParent, serveCommands, workerSettings } from '../worker-process.ts'

/*
 * A reader process: runs the reads that may visit every account, and exports. The parent kills it at a deadline,
 * because the driver cannot interrupt a statement (docs/adr/0007).
 */

export interface ReaderSettings {
  readonly databasePath: string
}

export type ReadCommand =
  | {
      readonly type: 'accounts'
      readonly filter: AccountFilter
      readonly order: AccountOrder
      readonly page: PageRequest<AccountPosition>
    }
  | { readonly type: 'countAccounts'; readonly filter: AccountFilter }
  | { readonly type: 'categories' }
  | { readonly type: 'growthCoverage'; readonly kind: GrowthKind }
  | ({ readonly type: 'export' } & ExportRequest)

/** The result of each type of command. */
export interface ReadResults {
  readonly accounts: Page<AccountRow>
  readonly countAccounts: number
  readonly categories: Category[]
  readonly growthCoverage: GrowthCoverage
  readonly export: ExportSummary
}

export type ReadEvent =
  /** The process has begun with the command: its time starts now. */
  | { readonly type: 'started' }
  /** Rows of an export written so far. */
  | { readonly type: 'rows'; readonly rows: number }

const { databasePath } = workerSettings<ReaderSettings>()
dieWithParent()
const reader = new SqliteReader(databasePath, { sortsInFiles: true })

serveCommands<ReadCommand, ReadEvent, ReadResults[ReadCommand['type']]>((command, context) => {
  context.emit({ type: 'started' })
  return read(command, context)
})

async function read(
  command: ReadCommand,
  context: CommandContext<ReadEvent>,
): Promise<ReadResults[ReadCommand['type']]> {
  switch (command.type) {
    case 'accounts': {
      const page = await reader.accounts(command.filter, command.order, command.page)
      return { ...page, items: page.items.map(({ row }) => row) }
    }
    case 'countAccounts':
      return reader.countAccounts(command.filter)
    case 'categories':
      return reader.categories()
    case 'growthCoverage':
      return reader.growthCoverage(command.kind)
    case 'export':
      return exportAccounts(command, context)
  }
}

function exportAccounts(request: ExportRequest, { emit }: CommandContext<ReadEvent>): ExportSummary {
  const { filter, order } = request
  const kind = exportedGrowth(filter, order)
  return reader.wholeList(filter, order, kind, (accounts, { asOf }) => {
    const written = writeExport(request, accounts, kind, rows => emit({ type: 'rows', rows }))
    return { ...written, asOf }
  })
}
