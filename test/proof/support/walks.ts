import type { OracleAccount } from '../../support/oracle/types.ts'
import type { List } from './lists.ts'
import type { AskPage, Cursor } from './pages.ts'

const TOO_MANY = 1000

/** Called between two pages. */
type Between = () => Promise<void>

/** From the start to the end, by pages of these sizes in turn. */
export async function forward(ask: AskPage, list: List, sizes: readonly number[], between: Between = idle) {
  const accounts: OracleAccount[] = []
  let after: Cursor | undefined
  for (let turn = 0; turn < TOO_MANY; turn++) {
    const page = await ask(list, { size: sizes[turn % sizes.length]!, fromEnd: false, after })
    accounts.push(...page.accounts)
    if (!page.hasNextPage) return accounts
    after = page.cursors.at(-1)
    await between()
  }
  throw new Error('the list has no end')
}

/** From the end to the start; in the order of the list all the same. */
export async function backward(ask: AskPage, list: List, sizes: readonly number[], between: Between = idle) {
  const accounts: OracleAccount[] = []
  let before: Cursor | undefined
  for (let turn = 0; turn < TOO_MANY; turn++) {
    const page = await ask(list, { size: sizes[turn % sizes.length]!, fromEnd: true, before })
    accounts.unshift(...page.accounts)
    if (!page.hasPreviousPage) return accounts
    before = page.cursors[0]
    await between()
  }
  throw new Error('the list has no start')
}

/** A page from the start and one from the end in turn, until they meet. */
export async function fromBothEnds(ask: AskPage, list: List, sizes: readonly number[], between: Between = idle) {
  const [front, back]: [OracleAccount[], OracleAccount[]] = [[], []]
  let after: Cursor | undefined
  let before: Cursor | undefined
  for (let turn = 0; turn < TOO_MANY; turn++) {
    const fromEnd = turn % 2 === 1
    const page = await ask(list, { size: sizes[turn % sizes.length]!, fromEnd, after, before })
    if (page.accounts.length === 0) return [...front, ...back]
    if (fromEnd) back.unshift(...page.accounts)
    else front.push(...page.accounts)
    if (fromEnd) before = page.cursors[0]
    else after = page.cursors.at(-1)
    await between()
  }
  throw new Error('the ends never meet')
}

async function idle(): Promise<void> {}
