/** What the page says about dropped files. No DOM and nothing of Node: a worker runs it, and tests do. */
import type { Address } from '../../ixon/address.js'
import type { ByteSource } from '../../ixon/byte-source.js'
import { Environment } from '../../ixon/environment.js'
import type { Assumption } from '../../kernel/assumption.js'
import {
  callSubject,
  constantClaim,
  coverFaults,
  type ShardStatements,
  shardStatements,
} from '../../kernel/claim-arguments.js'
import { assumptionsOfLibrary, assumptionsOfTarget } from '../../kernel/claim-assumptions.js'
import type { CheckTarget } from '../../kernel/target.js'
import { allowances } from '../../kernel/trusted-code.js'
import { InputError } from '../../lean/input-error.js'
import type { Preset } from '../../prover/parameters.js'
import {
  decodeKey,
  type Header,
  inspect,
  type Parameters,
  parameters,
  type Security,
  type VerifyingKey,
  verify,
} from '../../prover/verify.js'
import { claimDigest, digestOfWords, publicInput } from '../../shards/claim.js'
import { claimLines, type Statement } from '../../shards/claim-words.js'
import { isClaimedProof, readClaimedProof } from '../../shards/claimed-proof.js'
import { partitionFault } from '../../shards/coverage.js'
import { type EnvironmentGraph, environmentGraph } from '../../shards/graph.js'
import { type Manifest, readManifest } from '../../shards/manifest.js'
import { notSaid } from './not-said.js'

/** No proof is larger. */
const MAX_PROOF = 2 ** 30
const MAX_KEY = 2 ** 28
const MAX_MANIFEST = 2 ** 28

const PRESETS: readonly Preset[] = ['default', 'fast']

export type Progress = (what: string, done: number, total: number) => void

export interface KeyReport {
  readonly digest: string
  /** The file it was dropped in; null for the kernel that came with the page. */
  readonly file: string | null
  readonly circuits: number
}

export interface ProofReport {
  readonly file: string
  readonly bytes: number
  readonly accepted: boolean
  /** Why it is rejected. */
  readonly reason: string | null
  /** What the claim is about, as far as the dropped files tell. */
  readonly about: string | null
  /** Of an accepted proof of a check, as far as the dropped files tell. */
  readonly rests: Rests | null
  /** What an accepted proof leaves open, in sentences. */
  readonly notSaid: readonly string[]
  readonly claim: ClaimReport
  readonly keyDigest: string
  /** The file of the key that it was judged by, if that is no key of this page: it says nothing about the kernel. */
  readonly foreignKey: string | null
  readonly hiding: boolean
  /** The preset that it was made with, if it is one. */
  readonly preset: Preset | null
  /** Of an accepted proof. */
  readonly security: Security | null
  readonly milliseconds: number
}

/** What an accepted check rests on without having checked it. */
export interface Rests {
  readonly assumptions: readonly Assumption[]
  /** Compiled code that the claim trusts, by name. */
  readonly allowed: readonly string[]
  /** Of a shard: how many constants of other shards it takes for checked. */
  readonly frontier: number | null
}

export type ClaimReport =
  /** A claim of the kernel: digests of the claim and of the table of primitives. */
  | { readonly kind: 'kernel'; readonly claim: Address; readonly primitives: Address }
  /** A Reveal or Contains claim, in words, and the digest of the key that its proof has to be made for. */
  | {
      readonly kind: 'statement'
      readonly claim: Address
      readonly lines: readonly string[]
      readonly key: string
    }
  | { readonly kind: 'call'; readonly call: string }

export interface LibraryReport {
  readonly accepted: boolean
  readonly shards: number
  readonly constants: number
  /** Of an accepted library. */
  readonly rests: Rests | null
  readonly notSaid: readonly string[]
  readonly faults: readonly string[]
}

export interface FileReport {
  readonly file: string
  readonly kind: 'environment' | 'manifest' | 'key' | 'unusable'
  readonly text: string
}

export interface Report {
  readonly key: KeyReport
  readonly preset: Preset
  readonly proofs: readonly ProofReport[]
  readonly files: readonly FileReport[]
  /** Present when an environment, its manifest and proofs that are not about a constant were dropped. */
  readonly library: LibraryReport | null
}

interface Proof {
  readonly file: string
  /** Of the file, with the claim in front if there is one. */
  readonly size: number
  readonly bytes: Uint8Array
  readonly header: Header
  readonly statement: Statement | null
}

interface Library {
  readonly environment: Environment
  /** With a manifest. */
  readonly graph: EnvironmentGraph | null
  /** Claims of a check of a single constant. */
  readonly byClaim: ReadonlyMap<Address, Address>
  /** What proofs of the shards are about, by the trusted code that they allow; null without a manifest that fits. */
  readonly statements: ((allow: readonly string[]) => ShardStatements) | null
  /** What has been found out of calls with these arguments. */
  readonly subjects: Map<string, Subject | null>
  readonly rests: Map<string, Rests>
  /** Why the manifest does not fit. */
  readonly fault: string | null
}

/** What a call checks. */
interface Subject {
  readonly name: string
  readonly target: CheckTarget
  readonly allowed: readonly string[]
}

type Outcome = Pick<ProofReport, 'accepted' | 'reason' | 'security' | 'milliseconds'>

/** Takes files one after the other and tells what they amount to together. */
export class Judge {
  private key: { readonly key: VerifyingKey; readonly file: string | null }
  private readonly own: VerifyingKey
  private readonly statementKeys: Readonly<Record<Statement['kind'], VerifyingKey>>
  private proofs: Proof[] = []
  private environment: Environment | undefined
  private manifest: { readonly manifest: Manifest; readonly file: string } | undefined
  private library: Library | undefined
  private files: FileReport[] = []
  /** What has been verified under the present key and preset. */
  private outcomes = new Map<Proof, Outcome>()
  private preset: Preset = 'default'

  /** @throws KeyError */
  constructor(kernelKey: Uint8Array, statementKeys: Readonly<Record<Statement['kind'], Uint8Array>>) {
    this.own = decodeKey(kernelKey)
    this.key = { key: this.own, file: null }
    const { reveal, contains } = statementKeys
    this.statementKeys = { reveal: decodeKey(reveal), contains: decodeKey(contains) }
  }

  /** Takes a file by its content. A file that is of no use is reported, not thrown. */
  add(source: ByteSource): void {
    try {
      this.take(source)
    } catch (error) {
      const text = error instanceof InputError ? error.reason : (error as Error).message
      this.files.push({ file: source.label, kind: 'unusable', text })
    }
  }

  usePreset(preset: Preset): void {
    if (preset !== this.preset) this.outcomes.clear()
    this.preset = preset
  }

  /** Forgets a dropped key. */
  useOwnKey(): void {
    if (this.key.file !== null) this.outcomes.clear()
    this.key = { key: this.own, file: null }
    this.files = this.files.filter(f => f.kind !== 'key')
  }

  clear(): void {
    this.proofs = []
    this.files = this.files.filter(f => f.kind === 'key')
    this.environment = undefined
    this.manifest = undefined
    this.library = undefined
    this.outcomes.clear()
  }

  report(progress: Progress = () => {}): Report {
    const library = this.openLibrary(progress)
    this.proofs.forEach((proof, i) => {
      if (this.outcomes.has(proof)) return
      progress(`Verifying ${proof.file}`, i, this.proofs.length)
      this.outcomes.set(proof, this.verify(proof))
    })
    const asked = this.proofs.filter(({ statement }) => statement === null)
    const shards = library === undefined ? null : shardsOf(library, asked)
    const proofs = this.proofs.map(proof => this.proofReport(proof, library, shards))
    const { key, file } = this.key
    return {
      key: { digest: hex(key.digest), file, circuits: key.circuits.length },
      preset: this.preset,
      proofs,
      files: [...this.files],
      library: this.libraryReport(library, asked, shards),
    }
  }

  private take(source: ByteSource): void {
    const file = source.label
    const head = source.read(0, Math.min(32, source.size))
    const text = String.fromCharCode(...head)
    if (text.startsWith('ixproof') || isClaimedProof(head)) {
      const content = whole(source, MAX_PROOF, 'proof')
      const claimed = isClaimedProof(head) ? readClaimedProof(content, file) : null
      const bytes = claimed?.proof ?? content
      const statement = claimed?.claim ?? null
      const proof = { file, size: content.length, bytes, header: inspect(bytes), statement }
      this.proofs = [...this.proofs.filter(p => p.file !== file), proof]
    } else if (text.slice(4).startsWith('ix verifying key')) {
      const key = decodeKey(whole(source, MAX_KEY, 'verifying key'))
      this.outcomes.clear()
      this.key = { key, file }
      this.note('key', file, `verifying key of ${key.circuits.length} circuits, in use`)
    } else if (text.startsWith('IXES')) {
      const manifest = readManifest(whole(source, MAX_MANIFEST, 'manifest'), file)
      this.manifest = { manifest, file }
      this.library = undefined
      this.note('manifest', file, `manifest of ${manifest.shards.length} shards`)
    } else if (head.length > 0 && head[0]! >> 4 === 0xe) {
      const environment = Environment.fromSource(source)
      this.environment = environment
      this.library = undefined
      this.note('environment', file, `environment of ${environment.count} constants`)
    } else
      throw new InputError(
        'none of what this page reads: a proof (.ixp), a verifying key (.ixvk), an environment (.ixe) ' +
          'or its shard manifest (.ixes)',
      )
  }

  /** One file of a kind at a time. */
  private note(kind: FileReport['kind'], file: string, text: string): void {
    this.files = [...this.files.filter(f => f.kind !== kind), { file, kind, text }]
  }

  /** A dropped key replaces the one of its own program. */
  private keyFor({ statement }: Proof): VerifyingKey {
    const { key } = this.key
    if (statement === null) return key
    const own = this.statementKeys[statement.kind]
    return key.entries[0]?.name === own.entries[0]?.name ? key : own
  }

  /** The file of a key that did not come with the page, for a proof that is judged by it. */
  private foreignKeyFor(proof: Proof): string | null {
    const digest = hex(this.keyFor(proof).digest)
    const { reveal, contains } = this.statementKeys
    return [this.own, reveal, contains].some(key => hex(key.digest) === digest) ? null : this.key.file
  }

  private verify(proof: Proof): Outcome {
    const { bytes, header, statement } = proof
    const key = this.keyFor(proof)
    if (hex(header.keyDigest) !== hex(key.digest)) {
      const reason = 'the proof was made for another verifying key than the one in use'
      return { accepted: false, reason, security: null, milliseconds: 0 }
    }
    const p = parameters(this.preset, { hiding: header.parameters.hiding })
    // What a proof is about stands in its header, but for a claim in words, whose digest it has to be about.
    const claim =
      statement === null
        ? header.claim
        : { ...header.claim, inputs: publicInput(claimDigest(statement)).map(BigInt), outputs: [] }
    const started = performance.now()
    const verdict = verify(key, claim, bytes, p)
    const milliseconds = performance.now() - started
    return verdict.accepted
      ? { accepted: true, reason: null, security: verdict.security, milliseconds }
      : { accepted: false, reason: verdict.reason, security: null, milliseconds }
  }

  private proofReport(
    proof: Proof,
    library: Library | undefined,
    statements: ShardStatements | null,
  ): ProofReport {
    const { file, size, header, statement } = proof
    const outcome = this.outcomes.get(proof)!
    const claim = this.claimReport(proof)
    const subject =
      library === undefined || statement !== null ? null : subjectOf(library, statements, header)
    const rests =
      subject === null || !outcome.accepted || claim.kind !== 'kernel'
        ? null
        : restsOf(library!, subject, header.claim.inputs.join())
    const foreignKey = this.foreignKeyFor(proof)
    const known = subject !== null
    const words = { claim: claim.kind, known, assumes: assumes(rests), frontier: rests?.frontier ?? null }
    return {
      file,
      bytes: size,
      ...outcome,
      about: library === undefined ? null : aboutOf(library, statements, proof, subject),
      rests,
      notSaid: outcome.accepted && foreignKey === null ? notSaid(words) : [],
      claim,
      keyDigest: hex(header.keyDigest),
      foreignKey,
      hiding: header.parameters.hiding,
      preset: presetOf(header.parameters),
    }
  }

  private claimReport(proof: Proof): ClaimReport {
    const { statement, header } = proof
    if (statement !== null)
      return {
        kind: 'statement',
        claim: claimDigest(statement),
        lines: claimLines(statement),
        key: hex(this.keyFor(proof).digest),
      }
    const { entry, inputs, outputs } = header.claim
    const name = this.key.key.entries.find(e => e.index === entry)?.name
    const kernel = name !== undefined && name === this.own.entries[0]?.name
    if (kernel && areDigests(inputs) && outputs.length === 0) {
      const words = inputs.map(Number)
      return {
        kind: 'kernel',
        claim: digestOfWords(words.slice(0, 8)),
        primitives: digestOfWords(words.slice(8)),
      }
    }
    const call = `${name ?? `function ${entry}`}(${inputs.join(', ')}) = ${outputs.join(', ') || '()'}`
    return { kind: 'call', call }
  }

  private openLibrary(progress: Progress): Library | undefined {
    const { environment, manifest } = this
    if (environment === undefined || this.proofs.length === 0) return undefined
    if (this.library !== undefined) return this.library
    try {
      const byClaim = new Map<Address, Address>()
      for (const address of environment.addresses()) byClaim.set(claimDigest(constantClaim(address)), address)
      let statements: Library['statements'] = null
      let fault: string | null = null
      let graph: EnvironmentGraph | null = null
      if (manifest !== undefined) {
        graph = environmentGraph(environment, (done, total) => {
          if (done % 1024 === 0) progress('Reading the library', done, total)
        })
        fault = partitionFault(graph, manifest.manifest)
        progress('Computing the claims of the shards', 0, 1)
        if (fault === null) statements = shardStatements(environment, graph, manifest.manifest)
      }
      this.library = {
        environment,
        graph,
        byClaim,
        statements,
        fault,
        subjects: new Map(),
        rests: new Map(),
      }
      return this.library
    } catch (error) {
      // a damaged library is of no use; the proofs are judged without it
      this.environment = undefined
      this.files = this.files.filter(f => f.kind !== 'environment')
      const text = error instanceof InputError ? error.message : String(error)
      this.files.push({ file: environment.source.label, kind: 'unusable', text })
      return undefined
    }
  }

  private libraryReport(
    library: Library | undefined,
    proofs: readonly Proof[],
    statements: ShardStatements | null,
  ): LibraryReport | null {
    if (library === undefined || this.manifest === undefined) return null
    const { fault } = library
    const { shards, allowed } = statements ?? { shards: [], allowed: [] }
    const constants = shards.reduce((sum, s) => sum + s.claim.owned.length, 0)
    const asked = proofs
      .map(proof => ({ file: proof.file, inputs: proof.header.claim.inputs, proof }))
      .filter(({ inputs }) => constantOf(library, inputs) === null)
    if (fault === null && asked.length === 0) return null
    const faults =
      fault !== null
        ? [`${this.manifest.file}: ${fault}`]
        : coverFaults(shards, asked, ({ proof }) => {
            const foreign = this.foreignKeyFor(proof)
            if (foreign !== null)
              return `judged by the key in ${foreign}, which is not that of this page's kernel`
            return this.outcomes.get(proof)!.reason
          }).faults
    const accepted = faults.length === 0 && shards.length > 0
    const rests = accepted ? restsOfLibrary(library, allowed) : null
    const words = accepted
      ? notSaid({ claim: 'kernel', known: true, assumes: assumes(rests), frontier: null })
      : []
    return { accepted, shards: shards.length, constants, rests, notSaid: words, faults }
  }
}

/**
 * What proofs of the shards have to be about: under the trust that one of these proofs was made with, or else under the least
 * that the library needs.
 */
function shardsOf({ environment, statements }: Library, proofs: readonly Proof[]): ShardStatements | null {
  if (statements === null) return null
  let least: ShardStatements | null = null
  for (const allow of allowances(environment)) {
    const under = unlessUntrusted(() => statements(allow))
    if (under === null) continue
    least ??= under
    const inputs = new Set(under.shards.map(shard => shard.inputs.join()))
    if (proofs.some(({ header }) => inputs.has(header.claim.inputs.join()))) return under
  }
  return least
}

/** Null where more has to be trusted. */
function unlessUntrusted<T>(compute: () => T): T | null {
  try {
    return compute()
  } catch (error) {
    if (error instanceof InputError) return null
    throw error
  }
}

/** What the claim speaks of, in words. */
function aboutOf(
  library: Library,
  statements: ShardStatements | null,
  { statement }: Proof,
  subject: Subject | null,
): string | null {
  if (statement !== null) return namesIn(library, statements?.shards ?? [], statement)
  if (subject === null) return null
  const { name, allowed } = subject
  return allowed.length === 0 ? name : `${name}, allowing ${allowed.join(', ')}`
}

/** The check of the library that makes the call of a proof. */
function subjectOf(
  library: Library,
  statements: ShardStatements | null,
  { claim: { inputs } }: Header,
): Subject | null {
  const { shards, allowed } = statements ?? { shards: [], allowed: [] }
  const shard = shards.find(s => s.inputs.join() === inputs.join())
  if (shard === undefined) return constantOf(library, inputs)
  const { id, claim } = shard
  return { name: `shard ${id}: ${claim.owned.length} constants`, target: { kind: 'shard', claim }, allowed }
}

function restsOf({ environment, rests }: Library, { target, allowed }: Subject, call: string): Rests {
  let found = rests.get(call)
  if (found === undefined) {
    const assumptions = assumptionsOfTarget(environment, target, allowed)
    found = { assumptions, allowed, frontier: target.kind === 'shard' ? target.claim.frontier.length : null }
    rests.set(call, found)
  }
  return found
}

const assumes = (rests: Rests | null): boolean =>
  rests !== null && rests.assumptions.length + rests.allowed.length > 0

function restsOfLibrary({ environment, graph, rests }: Library, allowed: readonly string[]): Rests {
  const key = `all ${allowed.join()}`
  let found = rests.get(key)
  if (found === undefined) {
    found = { assumptions: assumptionsOfLibrary(environment, graph!, allowed), allowed, frontier: null }
    rests.set(key, found)
  }
  return found
}

/** The names of the constant that a claim speaks of, and the shard whose tree has it. */
function namesIn(
  { environment }: Library,
  shards: ShardStatements['shards'],
  statement: Statement,
): string | null {
  const address = statement.kind === 'reveal' ? statement.commitment : statement.constant
  if (!environment.has(address)) return null
  const names = environment.namesOf(address).join(', ') || `constant ${address}`
  if (statement.kind === 'reveal') return names
  const shard = shards.find(({ claim }) => claim.claim.root === statement.tree)
  return shard === undefined ? names : `${names} in shard ${shard.id}`
}

/** The check of a constant, with all it needs, that these arguments are about. */
function constantOf(library: Library, inputs: readonly bigint[]): Subject | null {
  const key = inputs.join()
  let found = library.subjects.get(key)
  if (found === undefined) {
    found = findConstant(library, inputs)
    library.subjects.set(key, found)
  }
  return found
}

function findConstant({ environment, byClaim }: Library, inputs: readonly bigint[]): Subject | null {
  if (!areDigests(inputs)) return null
  const address = byClaim.get(digestOfWords(inputs.slice(0, 8).map(Number)))
  if (address === undefined) return null
  const target = { kind: 'constants', addresses: [address] } as const
  const name = environment.namesOf(address).join(', ') || `constant ${address}`
  for (const allow of allowances(environment)) {
    const call = unlessUntrusted(() => callSubject(environment, target, allow))
    if (call?.inputs.join() === inputs.join()) return { name, target, allowed: call.allowed }
  }
  return null
}

/** Two digests in words of 32 bits. */
function areDigests(inputs: readonly bigint[]): boolean {
  return inputs.length === 16 && inputs.every(x => x < 2n ** 32n)
}

function presetOf(p: Parameters): Preset | null {
  const same = (q: Parameters) => (Object.keys(q) as (keyof Parameters)[]).every(name => p[name] === q[name])
  return PRESETS.find(preset => same(parameters(preset, { hiding: p.hiding }))) ?? null
}

function whole(source: ByteSource, limit: number, what: string): Uint8Array {
  if (source.size > limit) throw new InputError(`it is larger than any ${what}`)
  return source.read(0, source.size)
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
