import { COLOURS, draw } from './chart.ts'
import { formatNumber } from './format.ts'
import type { Coverage, Overview } from './queries.ts'

const COVERAGE: readonly [keyof Coverage, string, string][] = [
  ['known', 'known', COLOURS[2]],
  ['noRecentMeasurement', 'not measured in the window', COLOURS[7]],
  ['noBaseline', 'nothing to count from', COLOURS[4]],
  ['zeroBaseline', 'counted from 0', COLOURS[3]],
]

/** Draws one bar: accounts with known growth, and the others by the reason why it is unknown. */
export function drawCoverage(coverage: Coverage): void {
  draw('coverage', {
    type: 'bar',
    data: {
      labels: ['accounts'],
      datasets: COVERAGE.map(([name, words, backgroundColor]) => ({
        label: words,
        data: [coverage[name]],
        backgroundColor,
      })),
    },
    options: {
      indexAxis: 'y',
      scales: {
        x: { stacked: true, display: false, max: COVERAGE.reduce((sum, [name]) => sum + coverage[name], 0) },
        y: { stacked: true, display: false },
      },
      plugins: { legend: { display: false } },
    },
  })
  // As HTML: the legend of Chart.js drops entries that do not fit on a phone.
  document.querySelector('#coverage-legend')!.replaceChildren(
    ...COVERAGE.map(([name, words, colour]) => {
      const entry = document.createElement('li')
      entry.textContent = `${words} (${formatNumber(coverage[name])})`
      entry.style.setProperty('--colour', colour)
      return entry
    }),
  )
}

const MAX_CATEGORIES = 20
const BAR_PIXELS = 26

/** Draws the categories with the most accounts. */
export function drawCategories(categories: Overview['categories']): void {
  const shown = [...categories].sort((a, b) => b.accountCount - a.accountCount).slice(0, MAX_CATEGORIES)
  document.querySelector<HTMLElement>('#categories-plot')!.style.height = `${60 + shown.length * BAR_PIXELS}px`
  draw('categories', {
    type: 'bar',
    data: {
      labels: shown.map(({ name }) => name),
      datasets: [{ data: shown.map(({ accountCount }) => accountCount), backgroundColor: COLOURS[0] }],
    },
    options: { indexAxis: 'y', plugins: { legend: { display: false } } },
  })
}
