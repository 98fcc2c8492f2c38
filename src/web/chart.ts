import type { Chart as ChartClass, ChartConfiguration } from 'chart.js'

/** Chart.js, loaded by its own script element. */
declare const Chart: typeof ChartClass

/** Colours that colour-blind people can distinguish (after Okabe and Ito), one for each line in this order. */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8c6d31', '#7f7f7f'] as const

const drawn = new Map<string, ChartClass>()

/** Draws a chart into the canvas with this id and removes the previous one. */
export function draw(id: string, configuration: ChartConfiguration): void {
  drawn.get(id)?.destroy()
  // A canvas does not resolve CSS variables.
  const { color, borderTopColor } = getComputedStyle(document.querySelector('.plot')!)
  Chart.defaults.color = color
  Chart.defaults.borderColor = borderTopColor
  Chart.defaults.animation = false
  Chart.defaults.maintainAspectRatio = false
  drawn.set(id, new Chart(document.querySelector<HTMLCanvasElement>(`#${id}`)!, configuration))
}
