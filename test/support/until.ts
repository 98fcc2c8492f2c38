import { setTimeout as sleep } from 'node:timers/promises'

/** Far longer than anything takes, however busy the machine. */
const PATIENCE_MS = 30_000

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  await answerWhen(holds, isSo => isSo, what)
}

/** Asks until the answer is as wanted, and gives that one. */
export async function answerWhen<Answer>(
  ask: () => Answer | Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
  what: string,
): Promise<Answer> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(5)) {
    const answer = await ask()
    if (isWanted(answer)) return answer
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}; the last answer was ${JSON.stringify(answer)}`)
  }
}
