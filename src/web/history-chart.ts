import { COLOURS, draw } from './chart.ts'
import { formatCompact, formatDay, formatNumber } from './format.ts'
import type { Bucket, Overview } from './queries.ts'
import type { State } from './state.ts'

/** @returns null when the database is empty */
export function historyRange({ span }: State, { dataset }: Overview): { from: string; to: string } | null {
  if (dataset.asOf === null || dataset.firstMeasuredAt === null) return null
  const to = new Date(Date.parse(dataset.asOf) + 1).toISOString()
  return { from: span === '0' ? dataset.firstMeasuredAt : monthsBefore(dataset.asOf, Number(span)), to }
}

function monthsBefore(instant: string, months: number): string {
  const date = new Date(instant)
  const dayOfMonth = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() - months)
  // In a shorter month the date overflows into the next one.
  if (date.getUTCDate() !== dayOfMonth) date.setUTCDate(0)
  return date.toISOString()
}

/** Draws one line for each account over the same buckets, with a point for each measured bucket. */
export function drawHistories(
  { scale }: State,
  accountIds: readonly string[],
  histories: readonly (readonly Bucket[])[],
): void {
  const buckets = histories.find(history => history.length > 0) ?? []
  draw('history', {
    type: 'line',
    data: {
      labels: buckets.map(({ bucketStart }) => formatDay(bucketStart)),
      datasets: histories.map((history, i) => ({
        label: accountIds[i]!.slice(0, 8),
        data: history.map(({ last }) => last),
        borderColor: COLOURS[i]!,
        backgroundColor: COLOURS[i]!,
        borderWidth: 2,
        pointRadius: 2.5,
        spanGaps: true,
      })),
    },
    options: {
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: { ticks: { maxTicksLimit: 10, maxRotation: 0 } },
        y: {
          type: scale === 'logarithmic' ? 'logarithmic' : 'linear',
          ticks: { callback: value => formatCompact(Number(value)), maxTicksLimit: 8 },
        },
      },
      plugins: {
        tooltip: { callbacks: { label: ({ dataset, parsed }) => ` ${dataset.label}: ${formatNumber(parsed.y ?? 0)}` } },
      },
    },
  })
}
