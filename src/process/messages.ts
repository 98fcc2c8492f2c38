import type { Ingestion, IngestionIdentity, IngestionProgress } from '../domain/ingestion.ts'
import type { HashedFile } from '../ingest/drop.ts'

/** What the ingestion process is told. */
export interface IngestCommand {
  readonly file: HashedFile
  readonly identity: IngestionIdentity
  readonly expectedSha256?: string | undefined
}

/** What the ingestion process tells. A command is followed by any number of the first two, and one of the others. */
export type IngestionMessage =
  | { readonly type: 'waiting' }
  | { readonly type: 'progress'; readonly progress: IngestionProgress }
  | { readonly type: 'finished'; readonly ingestion: Ingestion; readonly alreadyIngested: boolean }
  | { readonly type: 'refused'; readonly code: string; readonly message: string }
  | { readonly type: 'failed'; readonly stack: string }
