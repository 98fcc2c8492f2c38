import type { TimeRange } from '../../domain/measurement.ts'
import { pageRequest } from '../arguments/page.ts'
import { Connection } from '../connection.ts'
import type { AccountResolvers } from '../generated.ts'
import { measurementCursors } from '../measurement-cursors.ts'
import { nodeId } from '../node-id.ts'
import type { MeasurementParent } from '../parents.ts'
import { history } from './history.ts'
import { onceForEach } from './measurement.ts'

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
    const findIngestion = onceForEach(id => reader.ingestion(id))
    const items = page.items.map(found => ({ ...found, account, findIngestion }))
    return new Connection<MeasurementParent>({ ...page, items }, cursors, () =>
      reader.countMeasurements(accountId, range),
    )
  },

  history,
}
