import { COLOURS, draw } from './chart.ts'
import type { Bucket, Overview } from './questions.ts'
import type { State } from './state.ts'
import { day, rounded, whole } from './words.ts'

/** @returns null while there is nothing to show */
export function spanOf({ span }: State, { dataset }: Overview): { from: string; to: string } | null {
  if (dataset.asOf === null || dataset.firstMeasuredAt === null) return null
  const to = new Date(Date.parse(dataset.asOf) + 1).toISOString()
  return { from: span === '0' ? dataset.firstMeasuredAt : monthsBefore(dataset.asOf, Number(span)), to }
}

function monthsBefore(instant: string, months: number): string {
  const date = new Date(instant)
  const dayOfMonth = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() - months)
  // A shorter month ends before that day, and the date has run over into the next one.
  if (date.getUTCDate() !== dayOfMonth) date.setUTCDate(0)
  return date.toISOString()
}

/** One line an account, over the same buckets; a point where something was measured. */
export function drawHistories(
  { scale }: State,
  accountIds: readonly string[],
  histories: readonly (readonly Bucket[])[],
): void {
  const buckets = histories.find(history => history.length > 0) ?? []
  draw('history', {
    type: 'line',
    data: {
      labels: buckets.map(({ bucketStart }) => day(bucketStart)),
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
          ticks: { callback: value => rounded(Number(value)), maxTicksLimit: 8 },
        },
      },
      plugins: {
        tooltip: { callbacks: { label: ({ dataset, parsed }) => ` ${dataset.label}: ${whole(parsed.y ?? 0)}` } },
      },
    },
  })
}
