import type { Chart as ChartClass, ChartConfiguration } from 'chart.js'

/** The charting library, which a script element before ours has loaded. */
declare const Chart: typeof ChartClass

/** Told apart by people who see fewer colours too (after Okabe and Ito); one a line, in this order. */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c6d31', '#7f7f7f'] as const

const drawn = new Map<string, ChartClass>()

/** Draws into the canvas of that id, in place of what was there. */
export function draw(id: string, configuration: ChartConfiguration): void {
  drawn.get(id)?.destroy()
  // A canvas takes colours that are worked out already, not variables.
  const { color, borderTopColor } = getComputedStyle(document.querySelector('.plot')!)
  Chart.defaults.color = color
  Chart.defaults.borderColor = borderTopColor
  Chart.defaults.animation = false
  Chart.defaults.maintainAspectRatio = false
  drawn.set(id, new Chart(document.querySelector<HTMLCanvasElement>(`#${id}`)!, configuration))
}
