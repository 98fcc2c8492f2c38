const TOKEN = 'account-growth.token'

interface GraphQLResponse<Data> {
  readonly data?: Data
  readonly errors?: readonly { readonly message: string }[]
}

/**
 * Sends a query to this server. If the server requires an access token, prompts for one and keeps it until the tab is
 * closed.
 *
 * @throws Error with the server's message
 */
export async function sendQuery<Data>(query: string, variables: object): Promise<Data> {
  for (;;) {
    const token = sessionStorage.getItem(TOKEN)
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    })
    if (response.status === 401) {
      sessionStorage.setItem(TOKEN, await promptForToken())
      continue
    }
    const { data, errors } = (await response.json()) as GraphQLResponse<Data>
    if (data && !errors) return data
    throw new Error(errors?.map(({ message }) => message).join(' ') ?? `The server answered ${response.status}.`)
  }
}

let pendingPrompt: Promise<string> | undefined

/** Shows one dialog when several queries need a token at the same time. */
function promptForToken(): Promise<string> {
  const dialog = document.querySelector<HTMLDialogElement>('#token')!
  pendingPrompt ??= new Promise<string>(resolve => {
    dialog.addEventListener('close', () => resolve(dialog.querySelector('input')!.value.trim()), { once: true })
    dialog.showModal()
  }).finally(() => {
    pendingPrompt = undefined
  })
  return pendingPrompt
}
