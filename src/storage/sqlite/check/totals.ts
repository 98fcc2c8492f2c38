import { isTracked } from './accounts.ts'
import { type Inspection, tuplesOf } from './inspection.ts'
import type { Measured } from './measurements.ts'

const DATASET = 'SELECT as_of, first_measured_at, measurement_count, account_count FROM dataset WHERE id = 1'

/** The list of periods and the totals. */
export function inspectTotals(inspection: Inspection, { accounts, periods, count, firstAt }: Measured): void {
  const { findings } = inspection
  const listed = new Set([...tuplesOf<[number]>(inspection, 'SELECT period FROM period')].flat())
  for (const period of periods) if (!listed.has(period)) findings.add('period-list', () => `${period} is missing`)
  for (const period of listed)
    if (!periods.has(period)) findings.add('period-list', () => `${period} has no measurement`)

  let tracked = 0
  for (let position = 0; position < accounts.ids.length; position++) if (isTracked(accounts, position)) tracked++
  const expected = [accounts.asOf, firstAt, count, tracked]
  const [told] = [...tuplesOf<readonly (number | null)[]>(inspection, DATASET)]
  const names = ['as_of', 'first_measured_at', 'measurement_count', 'account_count']
  names.forEach((name, index) => {
    const is = told?.[index]
    if (is !== expected[index]) findings.add('dataset-totals', () => `${name} is ${is}, should be ${expected[index]}`)
  })
}
