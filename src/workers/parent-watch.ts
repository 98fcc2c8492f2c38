/*
 * A thread beside a process's own that ends it when its parent is gone: the process itself sees no message, nor the
 * end of its channel, while SQLite is at work in it.
 */
import { workerData } from 'node:worker_threads'

const EVERY_MS = 500

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL')
}, EVERY_MS)
