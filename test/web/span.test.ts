import { historyRange } from '../../src/web/history-chart.ts'
import type { Overview } from '../../src/web/queries.ts'
import { parseState } from '../../src/web/state.ts'

const overviewAsOf = (asOf: string) => ({ dataset: { asOf, firstMeasuredAt: '2020-01-01T00:00:00Z' } }) as Overview

test.each([
  ['2024-12-20T10:00:00.000Z', '3', '2024-09-20T10:00:00.000Z'],
  ['2024-05-31T10:00:00.000Z', '3', '2024-02-29T10:00:00.000Z'],
  ['2023-05-31T10:00:00.000Z', '3', '2023-02-28T10:00:00.000Z'],
  ['2024-01-31T10:00:00.000Z', '3', '2023-10-31T10:00:00.000Z'],
  ['2024-02-29T10:00:00.000Z', '12', '2023-02-28T10:00:00.000Z'],
  ['2024-12-20T10:00:00.000Z', '0', '2020-01-01T00:00:00Z'],
])('the lines up to %s, over %s months, begin at %s', (asOf, span, from) => {
  expect(historyRange(parseState(`#span=${span}`), overviewAsOf(asOf))).toMatchObject({ from })
})
