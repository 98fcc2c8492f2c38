import { COLOURS } from './chart.ts'
import { formatGain, formatNumber, formatPercent, formatUnknownReason } from './format.ts'
import type { AccountPage, Growth, ListedAccount } from './queries.ts'
import type { State } from './state.ts'

/**
 * Fills the table with a page of accounts. Accounts on the chart are checked.
 *
 * @param onChoose called when the user adds an account to the chart or removes it
 */
export function showAccounts(
  page: AccountPage,
  { chosen, order }: { readonly chosen: readonly string[] } & Pick<State, 'order'>,
  onChoose: (accountId: string, isChosen: boolean) => void,
): void {
  const found = page.totalCount === 1 ? '1 account' : `${formatNumber(page.totalCount)} accounts`
  document.querySelector('#found')!.textContent = found
  document.querySelector('#accounts')!.replaceChildren(
    ...page.nodes.map(account => {
      const row = rowOf(account, chosen.indexOf(account.accountId), onChoose)
      row.append(growthCell(account.growth, order))
      return row
    }),
  )
  setEnabled('#previous', page.pageInfo.hasPreviousPage)
  setEnabled('#next', page.pageInfo.hasNextPage)
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
  row.append(cell(box), cell(accountId), cell(categories.join(', ')), cell(formatNumber(subscriberCount), 'number'))
  return row
}

/** Growth in subscribers when the list is ordered by it, otherwise in percent. */
function growthCell({ percent, absolute, unknownReason }: Growth, order: string): HTMLTableCellElement {
  const isGain = order === 'GROWTH_ABSOLUTE'
  const figure = isGain ? absolute : percent
  if (figure === null) return cell(formatUnknownReason(unknownReason), 'number unknown')
  return cell(isGain ? formatGain(figure) : formatPercent(figure), 'number')
}

function cell(content: string | Node, className = ''): HTMLTableCellElement {
  const made = Object.assign(document.createElement('td'), { className })
  made.append(content)
  return made
}

function setEnabled(selector: string, isEnabled: boolean): void {
  document.querySelector<HTMLButtonElement>(selector)!.disabled = !isEnabled
}
