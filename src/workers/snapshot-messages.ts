import type { DatabaseFaultCode } from '../domain/database-fault.ts'
import type { ErrorCode } from '../domain/errors.ts'
import type { Snapshot } from '../domain/snapshot.ts'

/** What the process that copies a database tells, once. */
export type SnapshotMessage =
  | { readonly type: 'taken'; readonly snapshot: Snapshot }
  | { readonly type: 'refused'; readonly code: DatabaseFaultCode | ErrorCode; readonly message: string }
  | { readonly type: 'failed'; readonly why: string }
