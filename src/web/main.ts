import { showAccounts } from './account-table.ts'
import { drawCategories, drawCoverage } from './bar-charts.ts'
import { fillForms, listenToForms } from './forms.ts'
import { drawHistories, spanOf } from './history-chart.ts'
import { type AccountPage, askAccounts, askHistories, askOverview, type Overview, type Turn } from './questions.ts'
import { addressOf, choiceOf, chosenIn, MAX_CHOSEN, type State, stateIn } from './state.ts'
import { day, whole } from './words.ts'

/** How many of the list are drawn until a person chooses. */
const DRAWN_AT_FIRST = 3

let state: State = stateIn(location.hash)
let overview: Overview
let page: AccountPage
/** Answers to earlier questions are dropped. */
let asked = 0

async function show(turn: Turn = {}): Promise<void> {
  await attempt(async isNewest => {
    const [nextOverview, nextPage] = await Promise.all([askOverview(state), askAccounts(state, turn)])
    if (!isNewest()) return
    overview = nextOverview
    page = nextPage
    document.querySelector('#dataset')!.textContent = datasetWords(overview)
    fillForms(state, overview)
    drawCoverage(overview.dataset.growthCoverage)
    drawCategories(overview.categories)
    await showChosen(isNewest)
  })
}

async function showChosen(isNewest: () => boolean): Promise<void> {
  const chosen = chosenAccounts()
  showAccounts(page, { chosen, order: state.order }, choose)
  const span = spanOf(state, overview)
  const histories = span && chosen.length > 0 ? await askHistories(state, chosen, span) : []
  if (isNewest()) drawHistories(state, chosen, histories)
}

function chosenAccounts(): string[] {
  return chosenIn(state) ?? page.nodes.slice(0, DRAWN_AT_FIRST).map(({ accountId }) => accountId)
}

function choose(accountId: string, isChosen: boolean): void {
  const others = chosenAccounts().filter(id => id !== accountId)
  change(choiceOf(isChosen ? [...others.slice(1 - MAX_CHOSEN), accountId] : others))
  void attempt(showChosen)
}

function change(changed: Partial<State>): void {
  state = { ...state, ...changed }
  history.replaceState(null, '', addressOf(state))
}

/** Shows the problem where there is one, and takes it away where there is none any more. */
async function attempt(work: (isNewest: () => boolean) => Promise<void>): Promise<void> {
  const mine = ++asked
  const isNewest = () => mine === asked
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

function datasetWords({ dataset: { asOf, firstMeasuredAt, accountCount, measurementCount } }: Overview): string {
  if (asOf === null || firstMeasuredAt === null) return 'The database is empty: ingest a file.'
  const span = `${day(firstMeasuredAt)} to ${day(asOf)}`
  return `${whole(accountCount)} tracked accounts, ${whole(measurementCount)} measurements, ${span} (UTC)`
}

listenToForms((changed, form) => {
  change(changed)
  // Another question has another list, whose first accounts are drawn.
  if (form === 'question') change({ chosen: '' })
  void (form === 'question' ? show() : attempt(showChosen))
})
document.querySelector('#next')!.addEventListener('click', () => void show({ after: page.pageInfo.endCursor }))
document.querySelector('#previous')!.addEventListener('click', () => void show({ before: page.pageInfo.startCursor }))
window.addEventListener('hashchange', () => {
  state = stateIn(location.hash)
  void show()
})
void show()
