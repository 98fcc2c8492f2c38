import type { Point } from '../../domain/measurement.ts'
import type { GrowthResolvers } from '../generated.ts'
import type { GrowthParent, MeasurementParent } from '../parents.ts'

export const growth: GrowthResolvers = {
  from: growth => (growth.from === null ? null : endOf(growth, growth.from)),
  to: growth => endOf(growth, growth.to),
}

function endOf({ account }: GrowthParent, { measuredAt, subscriberCount }: Point): MeasurementParent {
  return { accountId: account.accountId, measuredAt, subscriberCount, account }
}
