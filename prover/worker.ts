/** A worker thread of the prover. */

import { workerData } from 'node:worker_threads'
import { serve, type WorkerStart } from './worker-threads.js'

serve(workerData as WorkerStart)
