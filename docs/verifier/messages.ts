/** What page and worker say to each other. */
import type { Preset } from '../../prover/parameters.js'
import type { Report } from './judge.js'

export type Request =
  /** First: the verifying keys of the kernel and of Reveal and Contains claims, compressed with gzip. */
  | { readonly kind: 'keys'; readonly keys: readonly Uint8Array[] }
  | { readonly kind: 'files'; readonly files: readonly File[] }
  | { readonly kind: 'preset'; readonly preset: Preset }
  | { readonly kind: 'own key' }
  | { readonly kind: 'clear' }

export type Answer =
  | { readonly kind: 'progress'; readonly what: string; readonly done: number; readonly total: number }
  | { readonly kind: 'report'; readonly report: Report }
  /** Nothing can be verified, whatever is dropped. */
  | { readonly kind: 'broken'; readonly reason: string }
