import { showAccounts } from './account-table.ts'
import { drawCategories, drawCoverage } from './bar-charts.ts'
import { formatDay, formatNumber } from './format.ts'
import { fillForms, listenToForms } from './forms.ts'
import { drawHistories, historyRange } from './history-chart.ts'
import {
  type AccountPage,
  fetchAccounts,
  fetchHistories,
  fetchOverview,
  type Overview,
  type PagePosition,
} from './queries.ts'
import { formatChosen, formatState, MAX_CHOSEN, parseChosen, parseState, type State } from './state.ts'

/** The number of accounts on the chart before the user chooses any. */
const DEFAULT_CHART_ACCOUNTS = 3

let state: State = parseState(location.hash)
let overview: Overview
let page: AccountPage
/** Counts requests, so that responses to earlier ones are ignored. */
let latestRequest = 0

async function show(position: PagePosition = {}): Promise<void> {
  await attempt(async isNewest => {
    const [nextOverview, nextPage] = await Promise.all([fetchOverview(state), fetchAccounts(state, position)])
    if (!isNewest()) return
    overview = nextOverview
    page = nextPage
    document.querySelector('#dataset')!.textContent = datasetSummary(overview)
    fillForms(state, overview)
    drawCoverage(overview.dataset.growthCoverage)
    drawCategories(overview.categories)
    await showChosen(isNewest)
  })
}

async function showChosen(isNewest: () => boolean): Promise<void> {
  const chosen = chosenAccounts()
  showAccounts(page, { chosen, order: state.order }, onChoose)
  const span = historyRange(state, overview)
  const histories = span && chosen.length > 0 ? await fetchHistories(state, chosen, span) : []
  if (isNewest()) drawHistories(state, chosen, histories)
}

function chosenAccounts(): string[] {
  return parseChosen(state) ?? page.nodes.slice(0, DEFAULT_CHART_ACCOUNTS).map(({ accountId }) => accountId)
}

function onChoose(accountId: string, isChosen: boolean): void {
  const others = chosenAccounts().filter(id => id !== accountId)
  change(formatChosen(isChosen ? [...others.slice(1 - MAX_CHOSEN), accountId] : others))
  void attempt(showChosen)
}

function change(changed: Partial<State>): void {
  state = { ...state, ...changed }
  history.replaceState(null, '', formatState(state))
}

/** Runs `work` and shows its error, or hides the previous one. */
async function attempt(work: (isNewest: () => boolean) => Promise<void>): Promise<void> {
  const mine = ++latestRequest
  const isNewest = () => mine === latestRequest
  const problem = document.querySelector<HTMLElement>('#problem')!
  try {
    await work(isNewest)
    if (isNewest()) problem.hidden = true
  } catch (error) {
    if (!isNewest()) return
    problem.textContent = error instanceof Error ? error.message : String(error)
    problem.hidden = false
  }
}

function datasetSummary({ dataset: { asOf, firstMeasuredAt, accountCount, measurementCount } }: Overview): string {
  if (asOf === null || firstMeasuredAt === null) return 'The database is empty: ingest a file.'
  const span = `${formatDay(firstMeasuredAt)} to ${formatDay(asOf)}`
  return `${formatNumber(accountCount)} tracked accounts, ${formatNumber(measurementCount)} measurements, ${span} (UTC)`
}

listenToForms((changed, form) => {
  change(changed)
  // A new list shows its own first accounts on the chart.
  if (form === 'question') change({ chosen: '' })
  void (form === 'question' ? show() : attempt(showChosen))
})
document.querySelector('#next')!.addEventListener('click', () => void show({ after: page.pageInfo.endCursor }))
document.querySelector('#previous')!.addEventListener('click', () => void show({ before: page.pageInfo.startCursor }))
window.addEventListener('hashchange', () => {
  state = parseState(location.hash)
  void show()
})
void show()
