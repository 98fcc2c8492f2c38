import { bucketStarts, summarizeBuckets } from '../../domain/history.ts'
import type { AccountResolvers } from '../generated.ts'

/**
 * Buckets from the first measurement, or `from`, to the newest, or `to`. Those of a range given whole are counted
 * before anything is read.
 */
export const history: NonNullable<AccountResolvers['history']> = async (account, args, { reader }) => {
  const { accountId, newest } = account
  const { bucket, fill } = args
  const from = args.from ?? undefined
  const to = args.to ?? newest.measuredAt + 1
  if (from !== undefined && from >= to) return []
  const given = from === undefined ? undefined : bucketStarts(bucket, from, to)
  const { points, before } = await reader.history(accountId, { from, to })
  const first = points[0]
  const starts = given ?? (first ? bucketStarts(bucket, first.measuredAt, to) : [])
  return summarizeBuckets(starts, points, fill, before)
}
