import { COLOURS } from './chart.ts'
import type { AccountPage, Growth, ListedAccount } from './questions.ts'
import type { State } from './state.ts'
import { gainWords, percentWords, unknownWords, whole } from './words.ts'

/**
 * Fills the table with a page of accounts, those on the chart ticked.
 *
 * @param onChoose told when an account is to be put on the chart, or taken from it
 */
export function showAccounts(
  page: AccountPage,
  { chosen, order }: { readonly chosen: readonly string[] } & Pick<State, 'order'>,
  onChoose: (accountId: string, isChosen: boolean) => void,
): void {
  const found = page.totalCount === 1 ? '1 account' : `${whole(page.totalCount)} accounts`
  document.querySelector('#found')!.textContent = found
  document.querySelector('#accounts')!.replaceChildren(
    ...page.nodes.map(account => {
      const row = rowOf(account, chosen.indexOf(account.accountId), onChoose)
      row.append(growthCell(account.growth, order))
      return row
    }),
  )
  turnable('#previous', page.pageInfo.hasPreviousPage)
  turnable('#next', page.pageInfo.hasNextPage)
}

function rowOf(
  { accountId, categories, subscriberCount }: ListedAccount,
  line: number,
  onChoose: (accountId: string, isChosen: boolean) => void,
): HTMLTableRowElement {
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', checked: line >= 0 })
  box.setAttribute('aria-label', `chart ${accountId}`)
  box.style.accentColor = COLOURS[line] ?? ''
  box.addEventListener('change', () => onChoose(accountId, box.checked))
  const row = document.createElement('tr')
  row.append(cell(box), cell(accountId), cell(categories.join(', ')), cell(whole(subscriberCount), 'number'))
  return row
}

/** In subscribers where the list is ordered by that. */
function growthCell({ percent, absolute, unknownReason }: Growth, order: string): HTMLTableCellElement {
  const isGain = order === 'GROWTH_ABSOLUTE'
  const figure = isGain ? absolute : percent
  if (figure === null) return cell(unknownWords(unknownReason), 'number unknown')
  return cell(isGain ? gainWords(figure) : percentWords(figure), 'number')
}

function cell(content: string | Node, className = ''): HTMLTableCellElement {
  const made = Object.assign(document.createElement('td'), { className })
  made.append(content)
  return made
}

function turnable(selector: string, isTurnable: boolean): void {
  document.querySelector<HTMLButtonElement>(selector)!.disabled = !isTurnable
}
