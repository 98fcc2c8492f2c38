import type { Overview } from './queries.ts'
import type { State } from './state.ts'

const QUESTION = ['category', 'above', 'grew', 'window', 'baseline', 'order'] as const
const VIEW = ['span', 'bucket'] as const

/** Sets the inputs of both forms to the state. */
export function fillForms(state: State, { categories }: Overview): void {
  const names = new Set(categories.map(({ name }) => name))
  if (state.category) names.add(state.category)
  const options = ['', ...names].map(name => new Option(name || 'any', name))
  field('question', 'category').replaceChildren(...options)
  for (const name of QUESTION) {
    const input = field('question', name)
    // A response that arrives while the user types must not overwrite the input.
    if (input.type !== 'number' || input !== document.activeElement) input.value = state[name]
  }
  for (const name of VIEW) field('view', name).value = state[name]
  field('view', 'scale').checked = state.scale === 'logarithmic'
  field('view', 'carry').checked = state.carry === 'LAST'
}

/** @param onChange called with the values that the user changed */
export function listenToForms(onChange: (changed: Partial<State>, form: 'question' | 'view') => void): void {
  for (const id of ['question', 'view'] as const) {
    const form = document.querySelector<HTMLFormElement>(`#${id}`)!
    form.addEventListener('submit', event => event.preventDefault())
    form.addEventListener('change', event => {
      const { name, value, type, checked } = event.target as HTMLInputElement
      const off = name === 'scale' ? 'linear' : 'NONE'
      onChange({ [name]: type === 'checkbox' && !checked ? off : value }, id)
    })
  }
}

function field(form: string, name: string): HTMLInputElement {
  return document.querySelector<HTMLInputElement>(`#${form} [name="${name}"]`)!
}
