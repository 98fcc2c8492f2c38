const TOKEN = 'account-growth.token'

interface Answer<Data> {
  readonly data?: Data
  readonly errors?: readonly { readonly message: string }[]
}

/**
 * Asks this server's GraphQL API. Where it wants an access token the person is asked for one, which is kept until the
 * tab is closed.
 *
 * @throws Error with the server's own message
 */
export async function ask<Data>(query: string, variables: object): Promise<Data> {
  for (;;) {
    const token = sessionStorage.getItem(TOKEN)
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    })
    if (response.status === 401) {
      sessionStorage.setItem(TOKEN, await askForToken())
      continue
    }
    const { data, errors } = (await response.json()) as Answer<Data>
    if (data && !errors) return data
    throw new Error(errors?.map(({ message }) => message).join(' ') ?? `The server answered ${response.status}.`)
  }
}

let asking: Promise<string> | undefined

/** Several questions may find at once that a token is needed. */
function askForToken(): Promise<string> {
  const dialog = document.querySelector<HTMLDialogElement>('#token')!
  asking ??= new Promise<string>(resolve => {
    dialog.addEventListener('close', () => resolve(dialog.querySelector('input')!.value.trim()), { once: true })
    dialog.showModal()
  }).finally(() => {
    asking = undefined
  })
  return asking
}
