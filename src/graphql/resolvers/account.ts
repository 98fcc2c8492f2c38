import { bucketStarts, summarizeBuckets } from '../../domain/history.ts'
import type { Point, TimeRange } from '../../domain/measurement.ts'
import { Connection, pageRequest } from '../connection.ts'
import type { GrowthParent, MeasurementParent } from '../context.ts'
import { measurementCursors } from '../cursors.ts'
import type { AccountResolvers, GrowthResolvers } from '../generated.ts'
import { nodeId } from '../node-id.ts'
import { memoizeById } from './measurement.ts'

export const account: AccountResolvers = {
  id: ({ accountId }) => nodeId({ type: 'Account', accountId }),

  subscriberCount: ({ newest }) => newest.subscriberCount,

  measuredAt: ({ newest }) => newest.measuredAt,

  growth(account, kind) {
    const { window, baseline, opensAt, from, to, absolute, percent, unknownReason } = account.growth(kind)
    return { window, baseline, opensAt, from, to, absolute, percent, unknownReason, account }
  },

  async measurements(account, args, { reader, maxPageSize }) {
    const { accountId } = account
    const range: TimeRange = { from: args.from ?? undefined, to: args.to ?? undefined }
    const cursors = measurementCursors(accountId, range)
    const page = await reader.measurements(accountId, range, pageRequest(args, cursors, maxPageSize))
    const findIngestion = memoizeById(id => reader.ingestion(id))
    const items = page.items.map(found => ({ ...found, account, findIngestion }))
    return new Connection<MeasurementParent>({ ...page, items }, cursors, () =>
      reader.countMeasurements(accountId, range),
    )
  },

  /** Returns the buckets between `from` or the first measurement, and `to` or the newest measurement. */
  async history(account, args, { reader }) {
    const { accountId, newest } = account
    const { bucket, fill } = args
    const from = args.from ?? undefined
    const to = args.to ?? newest.measuredAt + 1
    if (from !== undefined && from >= to) return []
    // Computed before the read, so that a range with too many buckets reads nothing.
    const requested = from === undefined ? undefined : bucketStarts(bucket, from, to)
    const { points, before } = await reader.history(accountId, { from, to })
    const first = points[0]
    const starts = requested ?? (first ? bucketStarts(bucket, first.measuredAt, to) : [])
    return summarizeBuckets(starts, points, fill, before)
  },
}

export const growth: GrowthResolvers = {
  from: growth => (growth.from === null ? null : measurementAt(growth, growth.from)),
  to: growth => measurementAt(growth, growth.to),
}

function measurementAt({ account }: GrowthParent, { measuredAt, subscriberCount }: Point): MeasurementParent {
  return { accountId: account.accountId, measuredAt, subscriberCount, account }
}
